#include "rules/catalog/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "rules/catalog/source_text.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::size_t kDeepest = 32;
constexpr std::size_t kMostValues = 100'000;

/// Thrown through yaml-cpp to end reading where going on would cost too much; the problem is told already.
struct Stop {};

/// yaml-cpp counts columns in bytes; people and editors count characters.
class Columns {
 public:
  Columns(const std::string& text, std::uint32_t file) : text_(text), file_(file) {}

  Position at(const YAML::Mark& mark) {
    if (mark.pos < 0) return {file_, 1, 1};  // an error before the first byte
    const auto line = static_cast<std::uint32_t>(mark.line);
    const auto end = std::min(static_cast<std::size_t>(mark.pos), text_.size());
    // Marks mostly move forward in a line: counting goes on from the last one, so that a line is not counted again and
    // again.
    if (line != line_ || end < counted_to_) {
      line_ = line;
      counted_to_ = end - std::min(end, static_cast<std::size_t>(mark.column));
      characters_ = 0;
    }
    for (; counted_to_ < end; ++counted_to_) {
      if ((static_cast<unsigned char>(text_[counted_to_]) & 0xC0U) != 0x80) ++characters_;
    }
    return {file_, line + 1, characters_ + 1};
  }

 private:
  const std::string& text_;  // outlives this object: both live in read_yaml()
  std::uint32_t file_;
  std::uint32_t line_ = 0;
  std::size_t counted_to_ = 0;
  std::uint32_t characters_ = 0;
};

/// Builds the tree from events; what this project does not take from YAML is told as it passes.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(Columns& columns, Problems& problems) : columns_(columns), problems_(problems) {}

  std::optional<YamlNode> take() { return std::move(root_); }
  /// The line of the last value that was read.
  [[nodiscard]] std::uint32_t last_line() const { return last_line_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!documents_++) return;
    problems_.error(columns_.at(mark), "a second document begins here; keep one document a file and delete '---'");
    throw Stop{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(mark, "?", anchor, YamlNode::Kind::empty, {});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    leaf(mark, tag, anchor, YamlNode::Kind::text, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    problems_.error(columns_.at(mark), "aliases (*name) are not read here; write the value out");
    leaf(mark, "?", 0, YamlNode::Kind::broken, {});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is being read. In a map, keys and values come in turns.
  struct Open {
    YamlNode node;
    bool has_key = false;
    bool drop_value = false;  // its key was refused
    std::string key;
    Position key_at;
    std::unordered_map<std::string, std::uint32_t> lines;  // where each key stood first
  };

  YamlNode begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.at = columns_.at(mark);
    last_line_ = node.at.line;
    if (++values_ > kMostValues) {
      problems_.error(node.at, "the file holds more than 100,000 values; long lists belong in an imported list");
      throw Stop{};
    }
    if (anchor != 0) {
      problems_.error(node.at, "anchors (&name) are not read here; write the value out where it is needed");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      problems_.error(node.at, "tags (!name) are not read here; delete " + in_quotes(tag));
    }
    return node;
  }

  void leaf(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind,
            const std::string& value) {
    YamlNode node = begin(mark, tag, anchor, kind);
    if (kind == YamlNode::Kind::text) node.text = value;
    attach(std::move(node));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    YamlNode node = begin(mark, tag, anchor, kind);
    if (open_.size() >= kDeepest) {
      problems_.error(node.at, "lists and maps are nested more than 32 deep here; no file needs that");
      throw Stop{};
    }
    open_.push_back({});
    open_.back().node = std::move(node);
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    attach(std::move(node));
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::list) {
      parent.node.children.push_back(std::move(node));
    } else if (!parent.has_key) {
      take_key(parent, std::move(node));
    } else {
      parent.has_key = false;
      if (parent.drop_value) return;
      node.key = std::move(parent.key);
      node.key_at = parent.key_at;
      if (node.kind == YamlNode::Kind::empty) node.at = node.key_at;  // yaml-cpp's place of nothing is the next line
      parent.node.children.push_back(std::move(node));
    }
  }

  void take_key(Open& map, YamlNode key) {
    map.has_key = true;
    map.drop_value = true;
    if (key.kind != YamlNode::Kind::text || key.text.empty()) {
      if (key.kind != YamlNode::Kind::broken) problems_.error(key.at, "a key must be a plain word, such as 'hosts:'");
      return;
    }
    const auto [first, is_new] = map.lines.emplace(key.text, key.at.line);
    if (!is_new) {
      problems_.error(key.at, "the key " + in_quotes(key.text) + " is here a second time (first in line " +
                                  std::to_string(first->second) + "); join the two");
      return;
    }
    map.drop_value = false;
    map.key = std::move(key.text);
    map.key_at = key.at;
  }

  Columns& columns_;    // outlives this object: both live in read_yaml()
  Problems& problems_;  // outlives this object: the caller's
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::size_t values_ = 0;
  std::uint32_t last_line_ = 1;
  int documents_ = 0;
};

struct Meaning {
  std::string_view said;   // how yaml-cpp's message begins
  std::string_view means;  // what to look for
};

/// yaml-cpp speaks of its own insides; people need to know where to look.
std::string plain_words(std::string_view said) {
  constexpr auto kMeanings = std::to_array<Meaning>({
      {"illegal map value", "a ':' stands where none can; put the text in quotes, or mend the indentation"},
      {"illegal map key", "a key stands where none can; mend the indentation, or put the text in quotes"},
      {"illegal block entry", "a '- ' stands where no list can begin; mend the indentation"},
      {"illegal tab", "there is a tab in the indentation; use spaces"},
      {"end of map not found", "this line does not fit the lines above; mend its indentation"},
      {"end of sequence not found", "this line does not fit the list above; mend its indentation"},
      {"end of map flow not found", "a '}' is missing, or a ',' between two entries"},
      {"end of sequence flow not found", "a ']' is missing, or a ',' between two entries"},
      {"illegal flow end", "this bracket closes nothing; delete it, or put the text in quotes"},
      {"unknown escape character", "no such escape in \"double quotes\"; use 'single quotes' for patterns"},
      {"unknown token", "this character cannot stand here; put the text in quotes"},
      {"the referenced anchor", "aliases (*name) are not read here; write the value out, or put the text in quotes"},
      {"alias not found", "text that begins with '*' needs quotes"},
      {"illegal character found while scanning alias", "text that begins with '*' needs quotes"},
      {"anchor not found", "text that begins with '&' needs quotes"},
      {"illegal document indicator", "'---' or '...' stands in the middle of a quoted text"},
  });
  for (const Meaning& meaning : kMeanings) {
    if (said.starts_with(meaning.said)) return std::string(meaning.means);
  }
  return "this cannot be read as YAML: " + std::string(said);
}

/// Stands behind every text: yaml-cpp takes a quote that is open at the end of a line and of the file for closed, and
/// would read a file that was cut there as a whole one. Inside a quote it refuses this line.
constexpr std::string_view kEndOfDocument = "\n...\n";

/// The last character of the text, where what is said about its end belongs.
YAML::Mark end_of(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\n');
  const std::size_t size = last == std::string_view::npos ? 0 : last + 1;
  YAML::Mark mark;
  mark.pos = static_cast<int>(size);
  mark.line = static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), '\n'));
  mark.column = static_cast<int>(size - (text.substr(0, size).rfind('\n') + 1));
  return mark;
}

/// What yaml-cpp stumbled over, in words that help.
std::string explain(const YAML::Exception& exception, std::string_view text) {
  const auto column = static_cast<std::size_t>(std::max(exception.mark.column, 0));
  const auto end = std::min(static_cast<std::size_t>(std::max(exception.mark.pos, 0)), text.size());
  const std::string_view before = text.substr(end - std::min(end, column), std::min(end, column));
  const std::string_view indentation = before.substr(0, before.find_first_not_of(" \t"));
  if (indentation.find('\t') != std::string_view::npos) return "there is a tab in the indentation; use spaces";
  return plain_words(exception.msg);
}

}  // namespace

std::optional<YamlNode> read_yaml(std::string_view text, std::uint32_t file, Problems& problems) {
  const std::optional<std::string> unified = unify(text, file, problems);
  if (!unified) return std::nullopt;
  Columns columns(*unified, file);
  TreeBuilder builder(columns, problems);
  try {
    std::istringstream stream(*unified + std::string(kEndOfDocument));
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    const bool is_at_end = exception.mark.pos >= static_cast<int>(unified->size());
    const bool is_open_quote = is_at_end && std::string_view(exception.msg).starts_with("illegal document indicator");
    problems.error(columns.at(is_at_end ? end_of(*unified) : exception.mark),
                   is_open_quote
                       ? "a quote is opened and never closed; look behind line " + std::to_string(builder.last_line())
                       : explain(exception, *unified));
    return std::nullopt;
  }
  std::optional<YamlNode> root = builder.take();
  if (!root || root->kind == YamlNode::Kind::empty) {
    problems.error({file, 1, 1}, "the file is empty; see README.md for what belongs in it");
    return std::nullopt;
  }
  if (root->kind == YamlNode::Kind::broken) return std::nullopt;
  if (root->kind != YamlNode::Kind::map) {
    problems.error(root->at, "the file must begin with a key, such as 'category: gambling'");
    return std::nullopt;
  }
  return root;
}

}  // namespace fairlead::rules::catalog
