#include "agent/lists/update.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

#include "agent/lists/file_digests.hpp"
#include "agent/lists/minisign.hpp"
#include "agent/lists/timetable.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::lists {
namespace {

namespace fs = std::filesystem;
using rules::catalog::ListSource;
using Kind = UpdateOutcome::Kind;

bool may_name_a_folder(const std::string& id) {
  return !id.empty() &&
         std::all_of(id.begin(), id.end(), [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; });
}

/// Was the edition that is there verified as lists.yaml wants it today? Else it is asked for without conditions.
bool is_as_wanted(const Edition& edition, const ListSource& source) {
  return edition.from == source.from && edition.public_key == source.public_key &&
         (source.sha256.empty() || text::equals_ignoring_case(edition.sha256, source.sha256));
}

/// The text of <from>.minisig. It has a folder of its own for the time of the download.
Result<std::string> fetch_signature(const ListSource& source, const fs::path& folder, const FetchOptions& options) {
  std::error_code error;
  fs::create_directories(folder, error);
  FetchRequest request{source.from + ".minisig", folder, {}, minisign::kMostSignatureBytes, true, {}};
  const auto fetched = fetch(request, options);
  std::ifstream in(folder / "incoming.part", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  fs::remove_all(folder, error);
  if (fetched) return text;
  return fail(fetched.error().code, fetched.error().side, "the signature: " + fetched.error().context);
}

/// Digest and signature, where lists.yaml names them.
Result<void> verify(const ListSource& source, const fs::path& folder, const FetchOptions& options) {
  const fs::path file = folder / "incoming.part";
  if (!source.sha256.empty()) {
    const auto digest = sha256_of_file(file);
    if (!digest) return tl::unexpected(digest.error());
    if (!text::equals_ignoring_case(*digest, source.sha256))
      return fail(Errc::refused, Side::upstream, "the file's SHA-256 is " + *digest + ", not the one in lists.yaml");
  }
  if (source.public_key.empty()) return {};
  const auto key = minisign::parse_public_key(source.public_key);
  if (!key) return tl::unexpected(key.error());
  const auto text = fetch_signature(source, folder / "signature", options);
  if (!text) return tl::unexpected(text.error());
  const auto signature = minisign::parse_signature(*text);
  if (!signature) return tl::unexpected(signature.error());
  return minisign::check(file, *key, *signature);
}

/// The candidate, or nothing when there is no news.
Result<std::optional<Candidate>> ask(const ListSource& source, const std::optional<Edition>& known,
                                     const ListStore& store, const UpdateOptions& options, const Check& check) {
  if (auto prepared = store.prepare(source.id); !prepared) return tl::unexpected(std::move(prepared).error());
  if (known && !source.sha256.empty()) return std::nullopt;  // one edition is pinned, and it is there
  const fs::path folder = store.folder(source.id);
  FetchRequest request{source.from,
                       folder,
                       known ? known->validators : Validators{},
                       source.most_bytes,
                       !source.public_key.empty() || !source.sha256.empty(),
                       {}};
  if (options.on_bytes) request.on_bytes = [&](std::uint64_t bytes) { options.on_bytes(source.id, bytes); };
  const auto fetched = fetch(request, options.fetch);
  if (!fetched) return tl::unexpected(fetched.error());
  if (fetched->not_modified) return std::nullopt;
  std::error_code ignored;
  if (auto verified = verify(source, folder, options.fetch); !verified) {
    fs::remove(folder / "incoming.part", ignored);
    return tl::unexpected(std::move(verified).error());
  }
  const auto digest = sha256_of_file(folder / "incoming.part");
  if (known && digest && *digest == known->sha256) {
    fs::remove(folder / "incoming.part", ignored);
    if (auto noted = store.note_validators(source.id, fetched->validators); !noted)
      return tl::unexpected(std::move(noted).error());
    return std::nullopt;
  }
  return store.stage(source.id, {source.from, source.public_key, fetched->validators, "", 0, check.checked_at}, check);
}

UpdateOutcome update_one(const ListSource& source, const ListStore& store, const UpdateOptions& options,
                         std::chrono::sys_seconds now, Chance chance) {
  UpdateOutcome out;
  out.id = source.id;
  if (!may_name_a_folder(source.id)) {
    out.error = {Errc::bad_file, Side::local, "'" + source.id + "' cannot be the name of a folder"};
    return out;
  }
  const StoredList stored = store.read(source.id);
  out.notice = stored.trouble;
  std::optional<Edition> known = stored.edition;
  if (known && !is_as_wanted(*known, source)) known.reset();
  Check check{now, due_after_success(now, source.refresh, chance), 0, ""};
  auto candidate = ask(source, known, store, options, check);
  if (candidate && *candidate) {
    out.kind = Kind::staged;
    out.candidate = *std::move(candidate);
    return out;
  }
  if (candidate) {
    out.kind = Kind::not_modified;
  } else {
    out.error = std::move(candidate).error();
    check.failures = stored.check.failures + 1;
    check.last_error = out.error.context;
    check.next_due = due_after_failure(now, source.refresh, check.failures, chance);
  }
  // Where even that cannot be written, the list stays due.
  const auto noted = store.note(source.id, check);
  if (!noted && out.kind != Kind::failed) {
    out.kind = Kind::failed;
    out.error = noted.error();
  }
  return out;
}

std::vector<std::string> ids_of(const std::vector<UpdateOutcome*>& outcomes) {
  std::vector<std::string> ids;
  ids.reserve(outcomes.size());
  for (const UpdateOutcome* outcome : outcomes) ids.push_back(outcome->id);
  return ids;
}

void fail_outcome(UpdateOutcome& outcome, Error error) {
  outcome.kind = Kind::failed;
  outcome.error = std::move(error);
}

}  // namespace

std::vector<UpdateOutcome> update_lists(std::span<const ListSource> sources, const ListStore& store,
                                        const UpdateOptions& options, std::chrono::sys_seconds now) {
  std::mt19937_64 chances(options.seed);
  std::vector<UpdateOutcome> out;
  for (const ListSource& source : sources) {
    if (source.is_remote()) out.push_back(update_one(source, store, options, now, Chance{chances()}));
  }
  return out;
}

void accept_staged(std::vector<UpdateOutcome>& outcomes, const ListStore& store, const Acceptance& acceptance) {
  std::vector<UpdateOutcome*> staged, good;
  for (UpdateOutcome& outcome : outcomes) {
    if (outcome.kind == Kind::staged) staged.push_back(&outcome);
  }
  if (staged.empty()) return;
  if (acceptance(ids_of(staged))) {
    good = staged;
  } else {
    for (UpdateOutcome* outcome : staged) {
      good.push_back(outcome);
      auto judged = acceptance(ids_of(good));
      if (judged) continue;
      good.pop_back();
      (void)store.reject(*outcome->candidate, judged.error().context);
      fail_outcome(*outcome, std::move(judged).error());
    }
  }
  for (UpdateOutcome* outcome : good) {
    if (auto accepted = store.accept(*outcome->candidate); !accepted) fail_outcome(*outcome, accepted.error());
  }
}

}  // namespace fairlead::agent::lists
