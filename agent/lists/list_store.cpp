#include "agent/lists/list_store.hpp"

#include <fstream>
#include <iterator>
#include <utility>

#include "agent/lists/file_digests.hpp"

namespace fairlead::agent::lists {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostMetaBytes = std::uintmax_t{1} << 16U;

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  const bool full = error == std::errc::no_space_on_device;
  return fail(full ? Errc::disk_full : Errc::denied, Side::local,
              "cannot make the folder " + folder.string() + ": " + error.message());
}

}  // namespace

Result<platform::FileLock> ListStore::hold() const {
  if (auto made = make_folder(folder_); !made) return tl::unexpected(std::move(made).error());
  return platform::FileLock::take(folder_ / "lock");
}

std::optional<Meta> ListStore::read_meta(const std::string& id) const {
  const fs::path file = folder(id) / "meta.json";
  std::error_code unreadable;
  if (fs::file_size(file, unreadable) > kMostMetaBytes || unreadable) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return meta_from_json(text);
}

Result<void> ListStore::write_meta(const std::string& id, const Meta& meta) const {
  return platform::replace_file(folder(id) / "meta.json", to_json(meta));
}

StoredList ListStore::read(const std::string& id) const {
  StoredList out;
  std::error_code unreadable;
  const bool there = fs::exists(list(id), unreadable);
  const auto meta = read_meta(id);
  if (!meta) {
    if (there || fs::exists(folder(id) / "meta.json", unreadable))
      out.trouble = "meta.json cannot be read: nothing says which edition the list is";
    return out;
  }
  out.check = meta->check;
  out.previous = meta->previous;
  if (!meta->current) {
    if (there) out.trouble = "meta.json does not know the list that lies beside it";
    return out;
  }
  const auto digest = sha256_of_file(list(id));
  if (digest && *digest == meta->current->sha256) {
    out.edition = meta->current;
  } else if (digest && meta->previous && *digest == meta->previous->sha256) {
    out.edition = meta->previous;  // accept() was cut between its two steps
  } else {
    out.trouble = digest ? "the list is not the one that meta.json tells of" : "the list is gone";
  }
  return out;
}

Check ListStore::last_check(const std::string& id) const { return read_meta(id).value_or(Meta{}).check; }

Result<void> ListStore::prepare(const std::string& id) const {
  if (auto made = make_folder(folder(id)); !made) return made;
  std::error_code ignored;
  fs::remove(candidate(id), ignored);
  return {};
}

Result<Candidate> ListStore::stage(const std::string& id, Edition edition, const Check& check) const {
  const fs::path incoming = folder(id) / "incoming.part";
  std::error_code unreadable;
  edition.bytes = fs::file_size(incoming, unreadable);
  auto digest = sha256_of_file(incoming);
  if (!digest) return tl::unexpected(std::move(digest).error());
  edition.sha256 = *std::move(digest);
  if (auto synced = platform::sync_file(incoming); !synced) return tl::unexpected(std::move(synced).error());
  if (auto renamed = platform::rename_durably(incoming, candidate(id)); !renamed)
    return tl::unexpected(std::move(renamed).error());
  fs::remove(folder(id) / "incoming.json", unreadable);
  return Candidate{id, std::move(edition), check};
}

Result<void> ListStore::accept(const Candidate& candidate) const {
  const std::string& id = candidate.id;
  const StoredList stored = read(id);
  if (stored.edition) {
    const fs::path aside = folder(id) / "previous.new";
    std::error_code error;
    fs::remove(aside, error);
    fs::create_hard_link(list(id), aside, error);
    if (error) return fail(Errc::denied, Side::local, "cannot keep the previous list: " + error.message());
    if (auto kept = platform::rename_durably(aside, folder(id) / "previous"); !kept) return kept;
  }
  // From here on meta.json knows both, so that whichever `list` is when we are cut, read() can tell.
  if (auto known = write_meta(id, {candidate.edition, stored.edition, candidate.check}); !known) return known;
  return platform::rename_durably(this->candidate(id), list(id));
}

Result<void> ListStore::reject(const Candidate& candidate, const std::string& reason) const {
  std::error_code ignored;
  fs::remove(this->candidate(candidate.id), ignored);
  Check check = candidate.check;
  check.last_error = "the new edition was refused: " + reason;
  return note(candidate.id, check);
}

Result<void> ListStore::note(const std::string& id, const Check& check) const {
  Meta meta = read_meta(id).value_or(Meta{});
  meta.check = check;
  return write_meta(id, meta);
}

Result<void> ListStore::note_validators(const std::string& id, const Validators& validators) const {
  const StoredList stored = read(id);
  if (!stored.edition) return {};
  Edition edition = *stored.edition;
  edition.validators = validators;
  return write_meta(id, {edition, stored.previous, stored.check});
}

}  // namespace fairlead::agent::lists
