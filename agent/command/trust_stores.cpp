#include "agent/command/trust_stores.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <system_error>

#include "agent/command/authority_files.hpp"
#include "agent/command/json_list.hpp"
#include "agent/command/small_file.hpp"
#include "agent/command/trust_record.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

enum class Kind : std::uint8_t {
  certificates,   // a file of our own, which a program takes into the system's store
  policy_folder,  // JSON files that are read together; a policy that two of them name counts for one alone
  policy_file,    // one JSON file: the first of `place` and `instead` that is there is read, and no other
};

struct Store {
  std::string_view name;
  Kind kind;
  std::string_view place;
  JsonKeys keys = {};  // of the policy
  std::span<const std::string_view> instead = {};
};

// Debian's ca-certificates (README.Debian). Chromium: policy CACertificates, DER in base64, the certificate itself.
// Firefox: policy Certificates.Install, the path of a file; a policies.json below /etc takes the place of the one
// beside the program. The folders of browsers that are not there are made too: who installs one later has it right at
// once.
constexpr std::string_view kSystemFile = "/usr/local/share/ca-certificates/fairlead.crt";
constexpr std::string_view kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kSystemProgram = "/usr/sbin/update-ca-certificates";
constexpr std::string_view kSystemConfig = "/etc/ca-certificates.conf";
constexpr std::string_view kOwnPolicyFile = "fairlead.json";
constexpr std::array<std::string_view, 1> kChromium = {"CACertificates"};
constexpr std::array<std::string_view, 3> kFirefox = {"policies", "Certificates", "Install"};
constexpr std::array<std::string_view, 2> kFirefoxInstead = {"/usr/lib/firefox-esr/distribution/policies.json",
                                                             "/usr/lib/firefox/distribution/policies.json"};
constexpr std::array kStores = {
    Store{"system", Kind::certificates, kSystemFile},
    Store{"Chromium", Kind::policy_folder, "/etc/chromium/policies/managed", kChromium},
    Store{"Google Chrome", Kind::policy_folder, "/etc/opt/chrome/policies/managed", kChromium},
    Store{"Microsoft Edge", Kind::policy_folder, "/etc/opt/edge/policies/managed", kChromium},
    Store{"Firefox", Kind::policy_file, "/etc/firefox/policies/policies.json", kFirefox, kFirefoxInstead},
};

constexpr std::string_view kNewPolicyFile = "{}\n";

/// What stands between the lines of PEM: DER in base64.
std::string base64_of(std::string_view pem) {
  std::string text;
  while (!pem.empty()) {
    const std::string_view line = pem.substr(0, pem.find('\n'));
    if (!line.starts_with("-----")) text += line;
    pem.remove_prefix(std::min(line.size() + 1, pem.size()));
  }
  return text;
}

/// The entry of the policy's list for this certificate.
std::string item_of(const Store& store, const std::string& certificate) {
  return store.kind == Kind::policy_folder ? base64_of(certificate) : std::string(kSystemFile);
}

/// The file of a policy folder that names the policy already, whoever wrote it, else our own.
Result<fs::path> file_in_folder(const Store& store) {
  const fs::path own = fs::path(store.place) / kOwnPolicyFile;
  std::vector<fs::path> others;
  std::error_code ignored;
  for (fs::directory_iterator entry(store.place, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    if (entry->path() != own && entry->path().extension() == ".json") others.push_back(entry->path());
  }
  std::sort(others.begin(), others.end());
  for (const fs::path& other : others) {
    const auto text = read_small_file(other);
    if (!text) return tl::unexpected(text.error());
    if (!*text) continue;
    const auto named = json_has(**text, store.keys);
    if (named && *named) return other;
    if (!named && (*text)->find(store.keys.back()) != std::string::npos) {
      return fail(
          Errc::bad_file, Side::local,
          other.string() + " names " + std::string(store.keys.back()) + " and is no JSON object: mend it first");
    }
  }
  return own;
}

/// The file in which this store's entry stands or would stand.
Result<fs::path> file_of(const Store& store) {
  if (store.kind == Kind::policy_folder) return file_in_folder(store);
  std::error_code ignored;
  if (fs::exists(store.place, ignored)) return fs::path(store.place);
  for (const std::string_view other : store.instead) {
    if (fs::exists(other, ignored)) return fs::path(other);
  }
  return fs::path(store.place);
}

Trust trust_of(const Store& store, const fs::path& file, const std::string& certificate) {
  const bool same_file = !certificate.empty() && text_of_small_file(kSystemFile) == certificate;
  const std::string text = text_of_small_file(file);
  if (text.empty()) return Trust::none;
  if (store.kind == Kind::certificates) {
    return same_file && text_of_small_file(kSystemBundle).find(certificate) != std::string::npos ? Trust::present
                                                                                                 : Trust::other;
  }
  const auto holds = json_list_holds(text, store.keys, item_of(store, certificate));
  const bool is_own = file.filename() == kOwnPolicyFile;
  if (!holds || !*holds) return is_own ? Trust::other : Trust::none;
  return store.kind == Kind::policy_folder || same_file ? Trust::present : Trust::other;
}

StoreState look_at(const Store& store, const std::string& certificate) {
  StoreState state{store.name, Trust::none, std::string(store.place), {}};
  const auto file = file_of(store);
  if (!file) {
    state.done = tl::unexpected(file.error());
    return state;
  }
  state.where = file->string();
  state.trust = trust_of(store, *file, certificate);
  return state;
}

/// Makes the folder of a file, for everybody to read; only those that `made` names are not there yet.
Result<void> make_folders(const std::vector<std::string>& made) {
  for (const std::string& folder : made) {
    std::error_code code;
    fs::create_directory(folder, code);
    constexpr fs::perms kReadable = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                    fs::perms::others_read | fs::perms::others_exec;
    if (!code) fs::permissions(folder, kReadable, code);
    if (code) return fail(Errc::denied, Side::local, "cannot make " + folder + ": " + code.message());
  }
  return {};
}

std::vector<std::string> missing_folders(const fs::path& file) {
  std::vector<std::string> missing;
  std::error_code ignored;
  for (fs::path folder = file.parent_path(); !fs::exists(folder, ignored); folder = folder.parent_path()) {
    missing.insert(missing.begin(), folder.string());
  }
  return missing;
}

Result<void> run_system_program(const std::vector<std::string>& words) {
  std::vector<std::string> command{std::string(kSystemProgram)};
  command.insert(command.end(), words.begin(), words.end());
  const auto code = platform::run_program(command);
  if (!code) return tl::unexpected(code.error());
  if (*code != 0) {
    return fail(Errc::internal, Side::local,
                std::string(kSystemProgram) + " ended with " + std::to_string(*code) + "; run by hand, it says why");
  }
  return {};
}

/// The system's store forgets a certificate, and tells whoever keeps a copy of it (Java), only when its list of
/// deselected ones names it. The admin's list is not touched: it gets a copy with one line more.
Result<void> take_out_of_system(const fs::path& state) {
  std::error_code code;
  fs::remove(kSystemFile, code);
  if (code) return fail(Errc::denied, Side::local, "cannot remove " + std::string(kSystemFile) + ": " + code.message());
  // The program goes to another folder before it reads the list, and takes a missing one for an empty one.
  const fs::path list = fs::absolute(authority_certificate(state).replace_filename("ca-certificates.conf"));
  auto done = platform::replace_file(
      list, text_of_small_file(kSystemConfig) + "\n!" + fs::path(kSystemFile).filename().string() + "\n");
  if (done) done = run_system_program({"--certsconf", list.string()});
  fs::remove(list, code);
  return done;
}

/// Takes one change back; what others have written since then stays.
Result<void> undo(const Store& store, const StoreChange& change, const fs::path& state) {
  Result<void> done;
  if (store.kind == Kind::certificates) {
    done = take_out_of_system(state);
  } else if (const auto text = read_small_file(change.file); !text) {
    done = tl::unexpected(text.error());
  } else if (*text) {
    const std::string before = change.before.value_or(std::string(kNewPolicyFile));
    const auto ours = json_list_with(before, store.keys, change.item);
    const bool untouched = ours && *ours == **text;
    if (untouched && !change.before) {
      std::error_code code;
      fs::remove(change.file, code);
      if (code) done = fail(Errc::denied, Side::local, "cannot remove " + change.file + ": " + code.message());
    } else {
      auto without = Result<std::string>(before);
      if (!untouched) without = json_list_without(**text, store.keys, change.item);
      if (!without) return fail(without.error().code, Side::local, change.file + ": " + without.error().context);
      done = platform::replace_shared_file(change.file, *without);
    }
  }
  if (!done) return done;
  std::error_code not_empty;
  for (auto folder = change.folders.rbegin(); folder != change.folders.rend(); ++folder) fs::remove(*folder, not_empty);
  return {};
}

Result<void> undo_and_forget(const Store& store, TrustRecord& record, const fs::path& state) {
  const auto change = record.find(std::string(store.name));
  if (change == record.end()) return {};
  auto done = undo(store, change->second, state);
  if (!done) return done;
  record.erase(change);
  return write_trust_record(state, record);
}

Result<void> put_into(const Store& store, const std::string& certificate, TrustRecord& record, const fs::path& state) {
  const auto found = file_of(store);
  if (!found) return tl::unexpected(found.error());
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(*found, ignored);  // a link stays a link
  StoreChange change{file.string(), {}, {}, missing_folders(file)};
  std::string whole = certificate;
  if (store.kind != Kind::certificates) {
    change.item = item_of(store, certificate);
    const auto text = read_small_file(file);
    if (!text) return tl::unexpected(text.error());
    Result<std::string> edited = std::string(kNewPolicyFile);
    if (*text && found->filename() != kOwnPolicyFile) {
      edited = json_list_without(**text, store.keys, change.item);  // from a state folder that is lost
      if (edited) change.before = *edited;
    }
    if (edited) edited = json_list_with(*edited, store.keys, change.item);
    if (!edited) return fail(edited.error().code, Side::local, file.string() + ": " + edited.error().context);
    whole = *edited;
  }
  record[std::string(store.name)] = change;
  auto done = write_trust_record(state, record);
  if (done) done = make_folders(change.folders);
  if (done) done = platform::replace_shared_file(file, whole);
  if (done && store.kind == Kind::certificates) done = run_system_program({});
  return done;
}

}  // namespace

std::vector<StoreState> look_at_stores(const std::string& certificate) {
  std::vector<StoreState> states;
  states.reserve(kStores.size());
  for (const Store& store : kStores) states.push_back(look_at(store, certificate));
  return states;
}

std::vector<StoreState> install_certificate(const std::string& certificate, const fs::path& state) {
  auto record = read_trust_record(state);
  std::vector<StoreState> states;
  for (const Store& store : kStores) {
    const bool is_known = record && record->contains(std::string(store.name));
    StoreState was = look_at(store, certificate);
    Result<void> done = was.done;
    if (!record) done = tl::unexpected(record.error());
    if (done && (was.trust != Trust::present || !is_known)) {
      done = undo_and_forget(store, *record, state);
      if (done) done = put_into(store, certificate, *record, state);
    }
    states.push_back(look_at(store, certificate));
    states.back().done = std::move(done);
  }
  return states;
}

Result<void> uninstall_certificate(const fs::path& state) {
  auto record = read_trust_record(state);
  if (!record) return tl::unexpected(record.error());
  Result<void> all;
  for (const Store& store : kStores) {
    auto done = undo_and_forget(store, *record, state);
    if (!done && all) all = std::move(done);
  }
  return all;
}

}  // namespace fairlead::agent::command
