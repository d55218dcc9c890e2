#include "agent/command/trust_stores.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "agent/cover/browser_places.hpp"
#include "agent/cover/changed_files.hpp"
#include "agent/cover/json_edit.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "agent/tls/base64.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;

// Debian's ca-certificates (README.Debian). Chromium: policy CACertificates, DER in base64, the certificate itself; of
// two files that name the policy, one alone counts. Firefox: policy Certificates.Install, the path of a file. The
// folders of browsers that are not there are made too: who installs one later has it right at once.
constexpr std::string_view kPurpose = "authority";
constexpr std::string_view kSystem = "system";
constexpr std::string_view kSystemFile = "/usr/local/share/ca-certificates/fairlead.crt";
constexpr std::string_view kSystemBundle = "/etc/ssl/certs/ca-certificates.crt";
constexpr std::string_view kSystemProgram = "/usr/sbin/update-ca-certificates";
constexpr std::string_view kSystemConfig = "/etc/ca-certificates.conf";
constexpr std::string_view kOwnPolicyFile = "fairlead.json";
constexpr std::array<std::string_view, 1> kChromium = {"CACertificates"};
constexpr std::array<std::string_view, 3> kFirefox = {"policies", "Certificates", "Install"};

enum class StoreKind : std::uint8_t {
  certificates,   // a file of our own, which a program takes into the system's store
  policy_folder,  // JSON files that are read together
  policy_file,    // one JSON file
};

struct TrustStore {
  std::string_view name;
  StoreKind kind;
  const cover::BrowserPlace* browser = nullptr;
  cover::JsonKeys keys = {};  // of the policy
};

/// The system's own first: Firefox is told of its file.
std::vector<TrustStore> stores() {
  std::vector<TrustStore> all = {{kSystem, StoreKind::certificates}};
  for (const cover::BrowserPlace& place : cover::browser_places()) {
    const bool is_firefox = place.browser == cover::Browser::firefox;
    all.push_back({place.name, is_firefox ? StoreKind::policy_file : StoreKind::policy_folder, &place,
                   is_firefox ? cover::JsonKeys(kFirefox) : cover::JsonKeys(kChromium)});
  }
  return all;
}

/// The entry of the policy's list for this certificate.
std::string item_of(const TrustStore& store, const std::string& certificate) {
  return store.kind == StoreKind::policy_folder ? tls::base64_of_pem(certificate) : std::string(kSystemFile);
}

/// The file of a policy folder that names the policy already, whoever wrote it, else our own.
Result<fs::path> file_in_folder(const TrustStore& store) {
  const fs::path own = fs::path(store.browser->policies) / kOwnPolicyFile;
  std::vector<fs::path> others;
  std::error_code ignored;
  for (fs::directory_iterator entry(store.browser->policies, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (entry->path() != own && entry->path().extension() == ".json") others.push_back(entry->path());
  }
  std::sort(others.begin(), others.end());
  for (const fs::path& other : others) {
    const auto text = platform::read_small_file(other);
    if (!text) return tl::unexpected(text.error());
    if (!*text) continue;
    const auto named = cover::json_at(**text, store.keys);
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
Result<fs::path> file_of(const TrustStore& store) {
  if (store.kind == StoreKind::certificates) return fs::path(kSystemFile);
  if (store.kind == StoreKind::policy_folder) return file_in_folder(store);
  return cover::policy_file(*store.browser);
}

Trust trust_of(const TrustStore& store, const fs::path& file, const std::string& certificate) {
  const bool same_file = !certificate.empty() && platform::text_of_small_file(kSystemFile) == certificate;
  const std::string text = platform::text_of_small_file(file);
  if (text.empty()) return Trust::none;
  if (store.kind == StoreKind::certificates) {
    return same_file && platform::text_of_small_file(kSystemBundle).find(certificate) != std::string::npos
               ? Trust::present
               : Trust::other;
  }
  const auto holds = cover::json_list_holds(text, store.keys, item_of(store, certificate));
  const bool is_own = file.filename() == kOwnPolicyFile;
  if (!holds || !*holds) return is_own ? Trust::other : Trust::none;
  return store.kind == StoreKind::policy_folder || same_file ? Trust::present : Trust::other;
}

StoreState look_at(const TrustStore& store, const std::string& certificate) {
  StoreState state{store.name, Trust::none, std::string(store.browser ? store.browser->policies : kSystemFile), {}};
  const auto file = file_of(store);
  if (!file) {
    state.done = tl::unexpected(file.error());
    return state;
  }
  state.where = file->string();
  state.trust = trust_of(store, *file, certificate);
  return state;
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
Result<void> forget_in_system(const fs::path& state) {
  // The program goes to another folder before it reads the list, and takes a missing one for an empty one.
  const fs::path list = fs::absolute(state / "ca-certificates.conf");
  auto done = platform::replace_file(
      list, platform::text_of_small_file(kSystemConfig) + "\n!" + fs::path(kSystemFile).filename().string() + "\n");
  if (done) done = run_system_program({"--certsconf", list.string()});
  std::error_code ignored;
  fs::remove(list, ignored);
  return done;
}

Result<void> take_out(cover::ChangedFiles& changed, const std::string& file, const fs::path& state) {
  auto done = changed.take_out(kPurpose, file);
  if (done && file == kSystemFile) done = forget_in_system(state);
  return done;
}

/// The files in which the stores' entries stand or would stand.
std::vector<fs::path> files_that_count() {
  std::vector<fs::path> files;
  for (const TrustStore& store : stores()) {
    if (auto file = file_of(store)) files.push_back(std::move(*file));
  }
  return files;
}

Result<void> put_into(const TrustStore& store, const std::string& certificate, cover::ChangedFiles& changed) {
  const auto file = file_of(store);
  if (!file) return tl::unexpected(file.error());
  const bool is_ours = store.kind == StoreKind::certificates || file->filename() == kOwnPolicyFile;
  const auto whose = is_ours ? cover::ChangedFiles::Whose::ours : cover::ChangedFiles::Whose::others;
  cover::Edit edit{cover::Edit::Kind::text, {}, certificate};
  if (store.kind != StoreKind::certificates) {
    edit = {cover::Edit::Kind::list_item, {store.keys.begin(), store.keys.end()}, item_of(store, certificate)};
  }
  auto done = changed.put(kPurpose, *file, whose, {std::move(edit)});
  if (done && store.kind == StoreKind::certificates) done = run_system_program({});
  return done;
}

}  // namespace

std::vector<StoreState> look_at_stores(const std::string& certificate) {
  const auto all = stores();
  std::vector<StoreState> states;
  states.reserve(all.size());
  for (const TrustStore& store : all) states.push_back(look_at(store, certificate));
  return states;
}

std::vector<StoreState> install_certificate(const std::string& certificate, const fs::path& state) {
  auto changed = cover::ChangedFiles::read(state);
  Result<void> moved;
  if (changed) moved = changed->take_out_of_all_but(files_that_count(), kPurpose);
  std::vector<StoreState> states;
  for (const TrustStore& store : stores()) {
    StoreState was = look_at(store, certificate);
    Result<void> done = was.done;
    if (!changed) done = tl::unexpected(changed.error());
    if (done && !moved) done = moved;
    if (done) {
      const bool is_known = changed->is_changed_for(kPurpose, was.where);
      if (was.trust != Trust::present || !is_known) done = put_into(store, certificate, *changed);
    }
    states.push_back(look_at(store, certificate));
    states.back().done = std::move(done);
  }
  return states;
}

Result<void> uninstall_certificate(const fs::path& state) {
  auto changed = cover::ChangedFiles::read(state);
  if (!changed) return tl::unexpected(changed.error());
  Result<void> all;
  for (const std::string& file : changed->files_of(kPurpose)) {
    auto done = take_out(*changed, file, state);
    if (!done && all) all = std::move(done);
  }
  return all;
}

}  // namespace fairlead::agent::command
