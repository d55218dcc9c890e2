#include "agent/command/bundle.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>

#include "agent/bundles/contents.hpp"
#include "agent/bundles/packing.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/lists/file_digests.hpp"
#include "agent/lists/utc_time.hpp"
#include "agent/platform/platform.hpp"
#include "agent/platform/small_file.hpp"
#include "rules/catalog/lint.hpp"
#include "rules/policy/lint_lists.hpp"

namespace fairlead::agent::command {
namespace {

namespace fs = std::filesystem;
using bundles::SigningKey;

constexpr std::size_t kLongestKey = 8192;
constexpr std::string_view kGroupFile = ".group.json";

struct BundleOptions {
  fs::path config = default_config_folder(), state = default_state_folder();
  fs::path root, bundle, signed_by, folder, key, manifest, delta_from;
  std::string group, organisation, not_before, base, rules_key;
  std::uint64_t version = 0;
  std::uint32_t key_days = 365, days = 30;
};

int bundle_failed(const Error& error) { return could_not(error, {Errc::refused, Errc::bad_file, Errc::test_failed}); }

std::chrono::sys_seconds now() { return std::chrono::floor<std::chrono::seconds>(platform::wall_clock()); }

fs::path with_end(fs::path path, const char* end) { return path += end; }

Result<SigningKey> read_key(const fs::path& name) {
  const auto pem = platform::read_secret_file(with_end(name, ".key"), kLongestKey);
  if (!pem) return tl::unexpected(pem.error());
  return SigningKey::from_pem(*pem);
}

/// NAME.key for its owner alone, NAME.pub for everybody.
Result<SigningKey> make_key(const fs::path& name) {
  std::error_code failed;
  if (fs::exists(with_end(name, ".key"), failed))
    return fail(Errc::refused, Side::local, with_end(name, ".key").string() + " is there already");
  auto key = SigningKey::make();
  if (!key) return key;
  const auto pem = key->pem();
  if (!pem) return tl::unexpected(pem.error());
  if (auto done = platform::replace_file(with_end(name, ".key"), *pem); !done) return tl::unexpected(done.error());
  if (auto done = platform::replace_shared_file(with_end(name, ".pub"), key->public_file()); !done)
    return tl::unexpected(done.error());
  return key;
}

int make_keys(const BundleOptions& options) {
  if (options.root.empty() == options.bundle.empty()) {
    std::cerr << "fairlead: say --root FILE, or --bundle FILE\n";
    return kWrongUse;
  }
  if (!options.root.empty()) {
    const auto key = make_key(options.root);
    if (!key) return bundle_failed(key.error());
    std::cout << key->public_line() << "\n";
    std::cerr << "Keep " << with_end(options.root, ".key").string()
              << " on no machine of a network. Laptops get the line above when they join: --rules-key\n";
    return kDone;
  }
  if (options.signed_by.empty()) {
    std::cerr << "fairlead: a bundle key needs --signed-by ROOT\n";
    return kWrongUse;
  }
  const auto root = read_key(options.signed_by);
  if (!root) return bundle_failed(root.error());
  const auto key = make_key(options.bundle);
  if (!key) return bundle_failed(key.error());
  const auto until = now() + std::chrono::days(options.key_days);
  const auto signature = root->sign(key->public_file(), bundles::vouching_comment(until));
  if (!signature) return bundle_failed(signature.error());
  if (auto done = platform::replace_shared_file(with_end(options.bundle, ".pub.minisig"), *signature); !done)
    return bundle_failed(done.error());
  std::cout << "bundle key " << key->public_line() << " until " << lists::utc_text(until) << "\n";
  return kDone;
}

/// A file that everybody may fetch gets its digest for a name.
Result<bundles::Packed> give_name(const fs::path& made, const fs::path& folder, const std::string& from) {
  const auto digest = lists::sha256_of_file(made);
  if (!digest) return tl::unexpected(digest.error());
  std::error_code failed;
  const auto size = fs::file_size(made, failed);
  if (!failed) fs::rename(made, folder / *digest, failed);
  if (failed) return fail(Errc::denied, Side::local, made.string() + ": " + failed.message());
  return bundles::Packed{*digest, size, from};
}

/// As the agent builds them, with every test in their files.
Result<void> try_rules(const BundleOptions& options) {
  const auto built = load_folder(options.config, options.state);
  auto problems = built.problems;
  if (built.rules) {
    for (auto more : {rules::catalog::lint(built.rules->catalog()), rules::policy::lint_lists(*built.rules)})
      problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  for (const auto& problem : problems) std::cerr << to_string(problem) << "\n";
  if (!built.rules) return tl::unexpected(lists::refusal_of(built));
  return {};
}

Result<bundles::Bundle> make_bundle(const BundleOptions& options) {
  if (auto good = try_rules(options); !good) return tl::unexpected(std::move(good).error());
  const lists::ListStore stored(lists_folder(options.config, options.state));
  auto members = bundles::members_of(options.config, stored, options.group);
  if (!members) return tl::unexpected(members.error());
  std::error_code failed;
  fs::create_directories(options.folder, failed);
  if (failed) return fail(Errc::denied, Side::local, options.folder.string() + ": " + failed.message());
  const fs::path making = options.folder / "making.tmp", packing = options.folder / "packing.tmp";
  if (auto written = bundles::write_archive(*std::move(members), making); !written)
    return tl::unexpected(std::move(written).error());
  const auto digest = lists::sha256_of_file(making);
  if (!digest) return tl::unexpected(digest.error());
  bundles::Bundle out{*digest, fs::file_size(making, failed), {}, {}};
  const fs::path archive = options.folder / (*digest + ".tar");
  fs::rename(making, archive, failed);
  if (failed) return fail(Errc::denied, Side::local, archive.string() + ": " + failed.message());
  if (auto packed = bundles::pack(archive, {}, packing); !packed) return tl::unexpected(std::move(packed).error());
  auto whole = give_name(packing, options.folder, "");
  if (!whole) return tl::unexpected(whole.error());
  out.whole = *std::move(whole);
  if (options.delta_from.empty()) return out;
  const auto from = lists::sha256_of_file(options.delta_from);
  if (!from) return tl::unexpected(from.error());
  if (auto packed = bundles::pack(archive, options.delta_from, packing); !packed)
    return tl::unexpected(std::move(packed).error());
  auto delta = give_name(packing, options.folder, *from);
  if (!delta) return tl::unexpected(delta.error());
  out.deltas.push_back(*std::move(delta));
  return out;
}

int make(const BundleOptions& options) {
  const auto bundle = make_bundle(options);
  if (!bundle) return bundle_failed(bundle.error());
  if (auto done = platform::replace_shared_file(options.folder / (options.group + std::string(kGroupFile)),
                                                bundles::write_bundle(*bundle));
      !done)
    return bundle_failed(done.error());
  std::cout << "bundle " << bundle->digest << " for group " << options.group << ": " << bundle->size << " bytes, "
            << bundle->whole.size << " packed";
  for (const auto& delta : bundle->deltas) std::cout << ", " << delta.size << " from " << delta.from.substr(0, 16);
  std::cout << "\n";
  return kDone;
}

Result<std::map<std::string, bundles::Bundle>> read_groups(const fs::path& folder) {
  std::map<std::string, bundles::Bundle> out;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kGroupFile)) continue;
    const auto bundle = bundles::read_bundle(platform::text_of_small_file(entry->path()));
    if (!bundle) return fail(Errc::bad_file, Side::local, entry->path().string() + ": " + bundle.error().context);
    out.emplace(name.substr(0, name.size() - kGroupFile.size()), *bundle);
  }
  if (out.empty())
    return fail(Errc::not_found, Side::local, folder.string() + " holds no bundle; 'fairlead bundle make' makes one");
  return out;
}

int sign(const BundleOptions& options) {
  const auto key = read_key(options.key);
  if (!key) return bundle_failed(key.error());
  auto groups = read_groups(options.folder);
  if (!groups) return bundle_failed(groups.error());
  bundles::Manifest manifest{options.organisation, options.version, now(), {}, options.base, *std::move(groups)};
  if (!options.not_before.empty()) {
    const auto wanted = lists::from_utc_text(options.not_before);
    if (!wanted) return bundle_failed({Errc::bad_file, Side::local, "--not-before is no time as 2026-09-01T06:00:00Z"});
    manifest.not_before = *wanted;
  }
  manifest.expires = manifest.not_before + std::chrono::days(options.days);
  const std::string text = bundles::write_manifest(manifest);
  // What laptops would refuse is not signed.
  if (auto good = bundles::read_manifest(text); !good) return bundle_failed(good.error());
  if (auto good = check_files(manifest, options.folder); !good) return bundle_failed(good.error());
  const auto signature =
      key->sign(text, "version " + std::to_string(options.version) + " signed " + lists::utc_text(now()));
  if (!signature) return bundle_failed(signature.error());
  const std::pair<const char*, std::string> files[] = {
      {"manifest.json", text},
      {"manifest.json.minisig", *signature},
      {"bundle.pub", key->public_file()},
      {"bundle.pub.minisig", platform::text_of_small_file(with_end(options.key, ".pub.minisig"))}};
  for (const auto& [name, content] : files)
    if (auto done = platform::replace_shared_file(options.folder / name, content); !done)
      return bundle_failed(done.error());
  std::cout << "version " << manifest.version << " of " << manifest.organisation << ", fresh until "
            << lists::utc_text(manifest.expires) << ": " << (options.folder / "manifest.json").string() << "\n";
  return kDone;
}

int verify(const BundleOptions& options) {
  const auto root = bundles::read_public_key(options.rules_key);
  if (!root) return bundle_failed(root.error());
  const auto given = read_signed_manifest(options.manifest);
  if (!given) return bundle_failed(given.error());
  const auto manifest = bundles::check(*given, *root, now());
  if (!manifest) return bundle_failed(manifest.error());
  if (auto good = check_files(*manifest, options.manifest.parent_path()); !good) return bundle_failed(good.error());
  std::cout << "good: version " << manifest->version << " of " << printable(manifest->organisation) << ", from "
            << lists::utc_text(manifest->not_before) << ", fresh until " << lists::utc_text(manifest->expires) << "\n";
  for (const auto& [name, bundle] : manifest->groups) std::cout << "  " << name << "  " << bundle.digest << "\n";
  return kDone;
}

}  // namespace

Result<bundles::SignedManifest> read_signed_manifest(const fs::path& manifest) {
  bundles::SignedManifest out;
  const fs::path folder = manifest.parent_path();
  const std::pair<fs::path, std::string*> files[] = {{manifest, &out.manifest},
                                                     {with_end(manifest, ".minisig"), &out.signature},
                                                     {folder / "bundle.pub", &out.key},
                                                     {folder / "bundle.pub.minisig", &out.key_signature}};
  for (const auto& [file, text] : files) {
    auto read = platform::read_small_file(file);
    if (!read) return tl::unexpected(std::move(read).error());
    if (!*read) return fail(Errc::not_found, Side::local, "there is no " + file.string());
    *text = **std::move(read);
  }
  return out;
}

std::vector<bundles::Packed> files_of(const bundles::Manifest& manifest) {
  std::vector<bundles::Packed> out;
  for (const auto& [_, bundle] : manifest.groups) {
    out.push_back(bundle.whole);
    out.insert(out.end(), bundle.deltas.begin(), bundle.deltas.end());
  }
  return out;
}

Result<void> check_files(const bundles::Manifest& manifest, const fs::path& folder) {
  for (const bundles::Packed& packed : files_of(manifest)) {
    const auto digest = lists::sha256_of_file(folder / packed.digest);
    if (!digest) return tl::unexpected(digest.error());
    if (*digest != packed.digest)
      return fail(Errc::refused, Side::local, (folder / packed.digest).string() + " is another file");
  }
  return {};
}

void add_bundle_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<BundleOptions>();
  CLI::App* command = app.add_subcommand("bundle", "Rules made ready for a fleet's laptops, and signed");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const BundleOptions&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->callback([options, run, &exit_code] {
      platform::prepare_process();
      exit_code = run(*options);
    });
    return part;
  };
  CLI::App* keys =
      add("key", "Makes the root key that laptops believe, or a bundle key that it vouches for", make_keys);
  keys->add_option("--root", options->root, "FILE.key and FILE.pub of a new root key");
  keys->add_option("--bundle", options->bundle, "FILE.key, FILE.pub and FILE.pub.minisig of a new bundle key");
  keys->add_option("--signed-by", options->signed_by, "The root key that vouches for it, without '.key'");
  keys->add_option("--days", options->key_days, "How long it does")->check(CLI::Range(1, 3650))->capture_default_str();
  CLI::App* making = add("make", "Tests the rules of a folder and makes the bundle of a group of laptops", make);
  making->add_option("--config", options->config, "Folder with policy.yaml and the categories")->capture_default_str();
  making->add_option("--state", options->state, "The folder whose downloaded lists go with them")
      ->capture_default_str();
  making->add_option("--group", options->group, "The group, as 'fairlead hub code' names it")->required();
  making->add_option("--out", options->folder, "The folder of the bundles")->required();
  making->add_option("--delta-from", options->delta_from, "The bundle before (DIGEST.tar): most laptops have it");
  CLI::App* signing = add("sign", "Signs the manifest of all bundles in a folder", sign);
  signing->add_option("FOLDER", options->folder, "The folder of the bundles")->required();
  signing->add_option("--key", options->key, "The bundle key, without '.key'")->required();
  signing->add_option("--organisation", options->organisation, "As 'fairlead hub init' has it")->required();
  signing->add_option("--version", options->version, "Higher than every one before")->required();
  signing->add_option("--days", options->days, "How long it is fresh")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  signing->add_option("--not-before", options->not_before, "UTC, as 2026-09-01T06:00:00Z (default: now)");
  signing->add_option("--base", options->base, "https://…/ where the files lie too, such as a CDN");
  CLI::App* verifying = add("verify", "Checks a manifest, its signatures and the files beside it", verify);
  verifying->add_option("MANIFEST", options->manifest, "manifest.json")->required();
  verifying->add_option("--rules-key", options->rules_key, "The root key's line")->required();
}

}  // namespace fairlead::agent::command
