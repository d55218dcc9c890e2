#include "rules/catalog/load.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "rules/base/text.hpp"
#include "rules/catalog/carriers_file.hpp"
#include "rules/catalog/category_file.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/lists_file.hpp"
#include "rules/catalog/policy_file.hpp"
#include "rules/catalog/problem.hpp"
#include "rules/catalog/safe_search_file.hpp"
#include "rules/catalog/small_files.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPolicy = "policy.yaml";
constexpr std::string_view kProtected = "protected.yaml";
constexpr std::string_view kSignposts = "signposts.yaml";
constexpr std::string_view kSearchEngines = "search_engines.yaml";
constexpr std::string_view kSafeSearch = "safe_search.yaml";
constexpr std::string_view kCarriers = "carriers.yaml";
constexpr std::string_view kLists = "lists.yaml";
constexpr auto kTopFiles = words(kPolicy, kProtected, kSignposts, kSearchEngines, kSafeSearch, kCarriers, kLists);

bool is_risk_folder(std::string_view name) { return std::find(kRisks.begin(), kRisks.end(), name) != kRisks.end(); }

bool is_category_file(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash != std::string_view::npos && is_risk_folder(name.substr(0, slash)) && name.ends_with(".yaml") &&
         name.find('/', slash + 1) == std::string_view::npos;
}

// ---- from the disk to texts

/// Reads one regular file; told of when it cannot be read. A file over the limit is cut just behind it: the reader
/// refuses it.
std::optional<std::string> read_file(const fs::path& path, const std::string& name, Problems& problems) {
  std::error_code code;
  if (!fs::is_regular_file(path, code)) {  // never open what may block, such as a pipe
    problems.file_error(name, "this is not a file; delete it, or put a file in its place");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    problems.file_error(name, "the file cannot be read; mend its permissions");
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// Names of the entries of a folder, sorted, without hidden ones.
std::vector<std::string> names_in(const fs::path& folder, std::error_code& code) {
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

void read_risk_folder(const fs::path& folder, const std::string& risk, Problems& problems, Texts& texts) {
  std::error_code code;
  for (const std::string& file : names_in(folder / risk, code)) {
    std::string name = risk;
    name.append("/").append(file);
    if (file.ends_with(".yaml")) {
      if (auto text = read_file(folder / risk / file, name, problems)) texts.emplace_back(name, std::move(*text));
    } else if (file.ends_with(".yml")) {
      problems.file_error(
          name, "category files end in '.yaml'; rename it to " + in_quotes(file.substr(0, file.size() - 4) + ".yaml"));
    } else {
      problems.file_warning(name, "this is no category file and is not read; category files end in '.yaml'");
    }
  }
  if (code) problems.file_error(risk, "the folder cannot be read: " + code.message());
}

Texts read_folder(const fs::path& folder, Problems& problems) {
  Texts texts;
  std::error_code code;
  for (const std::string& name : names_in(folder, code)) {
    std::error_code ignored;
    if (fs::is_directory(folder / name, ignored)) {
      if (is_risk_folder(name)) read_risk_folder(folder, name, problems, texts);
    } else if (name.ends_with(".yaml") || name.ends_with(".yml")) {
      if (auto text = read_file(folder / name, name, problems)) texts.emplace_back(name, std::move(*text));
    }
  }
  if (code)
    problems.file_error(folder.filename().string(), "the folder of categories cannot be read: " + code.message());
  return texts;
}

// ---- from texts to the catalog

/// Reads files in the order in which they need each other and collects the catalog.
class Loader {
 public:
  explicit Loader(Problems& problems) : problems_(problems) {}

  Catalog load(const Texts& texts) {
    for (const auto& [name, text] : texts) read(name, text);
    load_small_files();
    load_categories();
    if (const YamlNode* root = find(kPolicy)) {
      catalog_.policy = read_policy(*root, {catalog_.categories, broken_}, problems_);
    } else if (!is_known(kPolicy)) {
      problems_.file_error(std::string(kPolicy), "this file is missing; without it nobody belongs to a group");
    }
    catalog_.files = problems_.files();
    return std::move(catalog_);
  }

 private:
  struct File {
    std::string name;
    std::optional<YamlNode> root;
  };

  void read(const std::string& name, std::string_view text) {
    if (is_known(name)) {
      problems_.file_error(name, "this file is given twice");
      return;
    }
    const bool is_top_file = std::find(kTopFiles.begin(), kTopFiles.end(), name) != kTopFiles.end();
    if (!is_top_file && !is_category_file(name)) {
      const std::string_view close = text::nearest(name, kTopFiles);
      problems_.file_error(
          name, close.empty() ? "no such file belongs here; category files stand in content/, contact/ or conduct/"
                              : "no such file belongs here; rename it to " + in_quotes(close));
      return;
    }
    const std::uint32_t index = problems_.add_file(name);
    files_.push_back({name, read_yaml(text, index, problems_)});
  }

  [[nodiscard]] bool is_known(std::string_view name) const {
    return std::any_of(files_.begin(), files_.end(), [&](const File& file) { return file.name == name; });
  }

  /// The tree of a file that is there and readable.
  [[nodiscard]] const YamlNode* find(std::string_view name) const {
    for (const File& file : files_) {
      if (file.name == name && file.root) return &*file.root;
    }
    return nullptr;
  }

  void load_small_files() {
    if (const YamlNode* root = find(kSignposts)) {
      catalog_.signposts = read_signposts(*root, problems_);
      signposts_.emplace();
      for (const Signpost& signpost : catalog_.signposts) signposts_->push_back(signpost.id);
    }
    if (const YamlNode* root = find(kLists)) {
      catalog_.lists = read_lists(*root, problems_);
      lists_.emplace();
      for (const ListSource& list : catalog_.lists) lists_->push_back(list.id);
    } else if (!is_known(kLists)) {
      lists_.emplace();
    }
    if (const YamlNode* root = find(kProtected)) read_protected(*root, catalog_, problems_);
    if (const YamlNode* root = find(kSearchEngines)) catalog_.search_engines = read_search_engines(*root, problems_);
    if (const YamlNode* root = find(kSafeSearch)) catalog_.safe_search = read_safe_search(*root, problems_);
    if (const YamlNode* root = find(kCarriers)) read_carriers(*root, catalog_, problems_);
    const auto warn = [&](std::string_view name, std::string_view loss) {
      if (!is_known(name)) problems_.file_warning(std::string(name), "this file is missing; " + std::string(loss));
    };
    warn(kSignposts, "block pages show no help");
    warn(kProtected, "no service is protected from broad rules");
    warn(kSearchEngines, "rules on search words find nothing");
    warn(kSafeSearch, "no search engine is held to its safe mode");
    warn(kCarriers, "of sites inside a translator's or a cache's address only whole URLs are seen");
  }

  void load_categories() {
    bool is_any = false;
    for (const File& file : files_) {
      if (!is_category_file(file.name)) continue;
      is_any = true;
      if (!file.root) {
        broken_.emplace_back(stem_of(file.name));
        continue;
      }
      Category category = read_category(*file.root, file.name, signposts_, lists_, problems_);
      category.id =
          stem_of(file.name);  // a misspelt id is told already; policy.yaml may go on naming the category by its file
      if (is_first(category)) catalog_.categories.push_back(std::move(category));
    }
    if (!is_any) problems_.file_error("", "there is no category file in content/, contact/ or conduct/");
  }

  [[nodiscard]] bool is_first(const Category& category) {
    for (const Category& other : catalog_.categories) {
      if (category.id.empty() || other.id != category.id) continue;
      problems_.error(category.at, "the category " + in_quotes(category.id) + " is in " +
                                       in_quotes(problems_.files()[other.at.file]) +
                                       " already; delete one of the files");
      return false;
    }
    return true;
  }

  Problems& problems_;  // outlives this object: both live in load_texts() or load_folder()
  std::vector<File> files_;
  std::vector<std::string> broken_;
  KnownSignposts signposts_;
  KnownLists lists_;
  Catalog catalog_;
};

Loaded load(Texts texts, Problems& problems) {
  std::sort(texts.begin(), texts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Loaded loaded;
  loaded.catalog = Loader(problems).load(texts);
  loaded.texts = std::move(texts);
  loaded.problems = problems.take();
  return loaded;
}

}  // namespace

Problem problem_at(const Catalog& catalog, const Position& at, Problem::Kind kind, std::string text) {
  return {kind, at.file < catalog.files.size() ? catalog.files[at.file] : std::string(), at.line, at.column,
          std::move(text)};
}

bool has_error(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.kind == Problem::Kind::error; });
}

bool Loaded::usable() const { return !has_error(problems); }

Loaded load_folder(const std::filesystem::path& folder) {
  Problems problems;
  Texts texts = read_folder(folder, problems);
  return load(std::move(texts), problems);
}

Loaded load_texts(Texts texts) {
  Problems problems;
  return load(std::move(texts), problems);
}

}  // namespace fairlead::rules::catalog
