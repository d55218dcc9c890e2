#include "rules/catalog/exception_edit.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/catalog/problem.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr std::string_view kList = "exceptions";
constexpr std::size_t kNone = std::string_view::npos;

tl::unexpected<Error> refused(std::string why, Errc code = Errc::bad_file) {
  return fail(code, Side::local, "policy.yaml: " + std::move(why));
}

// ---- places in the text as it is

/// Line and column of the reader to bytes of the file. The reader counts characters, and takes any line end.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    begins_.push_back(at);
    while (at < text.size()) {
      const char c = text[at++];
      if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
      if (c == '\r' || c == '\n') begins_.push_back(at);
    }
  }

  [[nodiscard]] std::size_t count() const { return begins_.size(); }
  /// line  from 1, as in Position; behind the last one: the end of the text.
  [[nodiscard]] std::size_t begin(std::size_t line) const {
    return line <= begins_.size() ? begins_[line - 1] : text_.size();
  }
  /// The line without its end.
  [[nodiscard]] std::string_view line(std::size_t number) const {
    std::string_view line = text_.substr(begin(number), begin(number + 1) - begin(number));
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  [[nodiscard]] std::size_t offset(const Position& at) const {
    std::size_t byte = begin(at.line);
    for (std::uint32_t left = at.column - 1; left > 0 && byte < text_.size(); --left) {
      ++byte;
      while (byte < text_.size() && (static_cast<unsigned char>(text_[byte]) & 0xC0U) == 0x80) ++byte;
    }
    return byte;
  }
  /// How the file ends its lines.
  [[nodiscard]] std::string_view line_end() const {
    const std::size_t end = text_.find_first_of("\r\n");
    if (end == kNone || text_[end] == '\n') return "\n";
    return text_.substr(end).starts_with("\r\n") ? "\r\n" : "\r";
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
bool is_blank(std::string_view line) { return text::trim(line).empty(); }

// ---- an exception as YAML

/// Text that YAML takes as it stands, also inside brackets.
bool is_plain(std::string_view text) {
  constexpr auto kMeansMore = words("true", "false", "null", "yes", "no", "on", "off");
  const auto is_safe = [](char c) { return text::is_alnum(c) || c == ' ' || c == '.' || c == '/' || c == '-'; };
  return text::is_alnum(text.front()) && text.back() != ' ' && std::all_of(text.begin(), text.end(), is_safe) &&
         std::find(kMeansMore.begin(), kMeansMore.end(), text::lower(text)) == kMeansMore.end();
}

std::string scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

std::string flow_list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out.append(out.size() > 1 ? ", " : "").append(scalar(item));
  return out + "]";
}

using Entry = std::pair<std::string_view, std::string>;
std::array<Entry, 6> entries_of(const ExceptionText& exception) {
  return {Entry{"url", scalar(exception.url)},
          Entry{"groups", flow_list(exception.groups)},
          Entry{"action", std::string(to_string(exception.action))},
          Entry{"owner", scalar(exception.owner)},
          Entry{"reason", scalar(exception.reason)},
          Entry{"expires", scalar(exception.expires)}};
}

/// Six lines, the first behind a dash in this column.
std::string as_block(const ExceptionText& exception, std::size_t column, std::string_view line_end) {
  std::string out;
  for (const auto& [key, value] : entries_of(exception)) {
    out.append(column, ' ').append(out.empty() || key == "url" ? "- " : "  ").append(key).append(": ").append(value);
    out.append(line_end);
  }
  return out;
}

/// {url: ..., ...}
std::string as_flow(const ExceptionText& exception) {
  std::string out = "{";
  for (const auto& [key, value] : entries_of(exception)) {
    out.append(out.size() > 1 ? ", " : "").append(key).append(": ").append(value);
  }
  return out + "}";
}

Result<void> check_fields(const ExceptionText& exception) {
  constexpr std::size_t kLongest = 1000;
  const auto check = [](std::string_view name, std::string_view text) -> Result<void> {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (text::trim(text).empty()) return refused("'" + std::string(name) + "' of an exception is empty");
    if (text.size() > kLongest) return refused("'" + std::string(name) + "' of an exception is too long");
    if (std::any_of(text.begin(), text.end(), is_control) || text::trim(text) != text)
      return refused("'" + std::string(name) + "' of an exception holds a line break, or a space around it");
    return {};
  };
  for (const auto& [name, text] : {Entry{"url", exception.url}, Entry{"owner", exception.owner},
                                   Entry{"reason", exception.reason}, Entry{"expires", exception.expires}}) {
    if (auto good = check(name, text); !good) return good;
  }
  if (exception.groups.empty()) return refused("an exception for no group does nothing");
  for (const std::string& group : exception.groups) {
    if (auto good = check("groups", group); !good) return good;
  }
  return {};
}

// ---- proof

bool same(const YamlNode& a, const YamlNode& b) {
  return a.kind == b.kind && a.key == b.key && a.text == b.text &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same);
}

YamlNode text_node(std::string_view key, std::string text) {
  YamlNode node;
  node.kind = YamlNode::Kind::text;
  node.key = key;
  node.text = std::move(text);
  return node;
}

YamlNode node_of(const ExceptionText& exception) {
  YamlNode node;
  node.kind = YamlNode::Kind::map;
  YamlNode groups;
  groups.kind = YamlNode::Kind::list;
  groups.key = "groups";
  for (const std::string& group : exception.groups) groups.children.push_back(text_node("", group));
  node.children = {text_node("url", exception.url),
                   std::move(groups),
                   text_node("action", std::string(to_string(exception.action))),
                   text_node("owner", exception.owner),
                   text_node("reason", exception.reason),
                   text_node("expires", exception.expires)};
  return node;
}

/// Everything but the list of exceptions.
std::vector<const YamlNode*> others(const YamlNode& root) {
  std::vector<const YamlNode*> nodes;
  for (const YamlNode& child : root.children) {
    if (child.key != kList) nodes.push_back(&child);
  }
  return nodes;
}

// ---- the edit

class Edit {
 public:
  static Result<Edit> begin(std::string_view policy) {
    Problems problems;
    auto root = read_yaml(policy, problems.add_file("policy.yaml"), problems);
    const auto told = problems.take();
    if (has_error(told) || !root) {
      return fail(Errc::bad_file, Side::local, told.empty() ? "policy.yaml cannot be read" : to_string(told.front()));
    }
    Edit edit(policy, std::move(*root));
    const YamlNode* list = edit.list();
    if (list != nullptr && list->kind != YamlNode::Kind::list && list->kind != YamlNode::Kind::empty) {
      return refused("'exceptions' is no list");
    }
    return edit;
  }

  [[nodiscard]] std::size_t size() const { return list() == nullptr ? 0 : list()->children.size(); }

  Result<std::string> add(const ExceptionText& exception) const {
    std::vector<YamlNode> wanted = items();
    wanted.push_back(node_of(exception));
    if (list() == nullptr) return proven(make_list(exception), wanted);
    if (!is_flow()) {
      const std::size_t column = size() == 0 ? key_column() + 2 : dash_column();
      const std::size_t line = size() == 0 ? list()->key_at.line + 1 : end_line(size() - 1);
      return proven(with_lines(line, line, as_block(exception, column, lines_.line_end())), wanted);
    }
    if (size() == 0 && has_own_line()) return proven(open_brackets(exception), wanted);
    std::rotate(wanted.begin(), wanted.end() - 1, wanted.end());  // in brackets a new one comes first
    return proven(into_brackets(exception), wanted);
  }

  Result<std::string> replace(std::size_t number, const ExceptionText& exception) const {
    std::vector<YamlNode> wanted = items();
    wanted[number] = node_of(exception);
    if (!is_flow()) {
      const std::string item = as_block(exception, dash_column(), lines_.line_end());
      return proven(with_lines(dash_line(number), end_line(number), item), wanted);
    }
    const auto range = flow_range(number);
    if (!range) return by_hand();
    return proven(spliced(range->first, range->second, as_flow(exception)), wanted);
  }

  Result<std::string> remove(std::size_t number) const {
    std::vector<YamlNode> wanted = items();
    wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(number));
    if (!is_flow()) {
      std::string text = with_lines(dash_line(number), end_line(number), "");
      if (size() > 1) return proven(std::move(text), wanted);
      const std::size_t colon = policy_.find(':', lines_.offset(list()->key_at));
      if (colon == kNone || colon >= lines_.begin(dash_line(number))) return by_hand();
      return proven(text.insert(colon + 1, " []"), wanted);
    }
    auto range = flow_range(number);
    if (!range) return by_hand();
    // The comma goes with it: the one behind, or that of the item before.
    const std::size_t behind = policy_.find_first_not_of(" \r\n", range->second);
    if (behind != kNone && policy_[behind] == ',') {
      range->second = std::min(policy_.find_first_not_of(' ', behind + 1), policy_.size());
    } else if (number > 0) {
      range->first = policy_.find_last_of(',', range->first);
    }
    return proven(spliced(range->first, range->second, ""), wanted);
  }

 private:
  Edit(std::string_view policy, YamlNode root) : policy_(policy), lines_(policy), root_(std::move(root)) {}

  static tl::unexpected<Error> by_hand() {
    return refused("it is written in a way that this change cannot be made in; write the exception by hand");
  }

  [[nodiscard]] const YamlNode* list() const {
    const auto found = std::find_if(root_.children.begin(), root_.children.end(),
                                    [](const YamlNode& child) { return child.key == kList; });
    return found == root_.children.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::vector<YamlNode> items() const {
    return list() == nullptr ? std::vector<YamlNode>() : list()->children;
  }
  [[nodiscard]] char byte_at(const Position& at) const {
    const std::size_t offset = lines_.offset(at);
    return offset < policy_.size() ? policy_[offset] : '\0';
  }
  [[nodiscard]] bool is_flow() const { return list()->kind == YamlNode::Kind::list && byte_at(list()->at) == '['; }
  [[nodiscard]] bool is_flow_file() const { return byte_at(root_.at) == '{'; }
  [[nodiscard]] std::size_t key_column() const { return list()->key_at.column - 1; }

  [[nodiscard]] std::string spliced(std::size_t from, std::size_t to, std::string_view with) const {
    return std::string(policy_.substr(0, from)).append(with).append(policy_.substr(to));
  }
  /// Lines `from` up to and without `to` give way to whole lines.
  [[nodiscard]] std::string with_lines(std::size_t from, std::size_t to, std::string_view with) const {
    const std::size_t begin = lines_.begin(from);
    std::string out(policy_.substr(0, begin));
    const bool cut = !with.empty() && begin > 0 && out.back() != '\n' && out.back() != '\r';
    if (cut && begin == policy_.size()) out.append(lines_.line_end());  // the file's last line had no end
    return out.append(with).append(policy_.substr(lines_.begin(to)));
  }

  // Lists of lines.
  [[nodiscard]] std::size_t dash_column() const {
    return std::min<std::size_t>(lines_.line(list()->at.line).find('-'), list()->at.column - 1);
  }
  [[nodiscard]] std::size_t dash_line(std::size_t number) const {
    const std::size_t column = dash_column();
    for (std::size_t line = list()->children[number].at.line; line > list()->key_at.line; --line) {
      const std::string_view text = lines_.line(line);
      if (indentation(text) == column && column < text.size() && text[column] == '-') return line;
    }
    return list()->children[number].at.line;
  }
  /// The line behind the item's last one: blank lines and comments that do not stand inside it belong to what follows.
  [[nodiscard]] std::size_t end_line(std::size_t number) const {
    std::size_t end = number + 1 < size() ? dash_line(number + 1) : end_of_list();
    const std::size_t begin = dash_line(number);
    const auto is_outside = [&](std::string_view line) {
      if (is_blank(line)) return true;
      const std::size_t column = indentation(line);
      return line[column] == '#' && column <= dash_column();
    };
    while (end > begin + 1 && is_outside(lines_.line(end - 1))) --end;
    return end;
  }
  [[nodiscard]] std::size_t end_of_list() const {
    for (const YamlNode& child : root_.children) {
      if (child.key_at.line > list()->key_at.line && &child > list()) return child.key_at.line;
    }
    return end_of_text();
  }
  /// The line behind the last one, without an end mark.
  [[nodiscard]] std::size_t end_of_text() const {
    std::size_t line = lines_.count() + 1;
    for (std::size_t last = line; last-- > 1;) {
      if (lines_.line(last).starts_with("...")) line = last;
      if (!is_blank(lines_.line(last))) break;
    }
    return line;
  }
  [[nodiscard]] std::string make_list(const ExceptionText& exception) const {
    if (is_flow_file()) {
      const std::size_t behind = lines_.offset(root_.at) + 1;
      return spliced(behind, behind, std::string(kList) + ": [" + as_flow(exception) + "], ");
    }
    const std::size_t column = root_.children.empty() ? 0 : root_.children.front().key_at.column - 1;
    const std::string_view end = lines_.line_end();
    std::string section(column, ' ');
    section.append(kList).append(":").append(end).append(as_block(exception, column + 2, end));
    return with_lines(end_of_text(), end_of_text(), section);
  }

  // Lists in brackets.
  /// Is an empty pair of brackets the last thing on its line, a comment aside, so that lines can take its place?
  [[nodiscard]] bool has_own_line() const {
    const std::size_t open = lines_.offset(list()->at), close = policy_.find_first_not_of(' ', open + 1);
    if (is_flow_file() || close == kNone || policy_[close] != ']') return false;
    const std::string_view rest = text::trim(policy_.substr(close + 1, lines_.begin(list()->at.line + 1) - close - 1));
    return rest.empty() || rest.front() == '#';
  }
  [[nodiscard]] std::string open_brackets(const ExceptionText& exception) const {
    const std::size_t open = lines_.offset(list()->at), close = policy_.find(']', open) + 1;
    const std::size_t next = lines_.begin(list()->at.line + 1);
    std::string_view before = policy_.substr(0, open);
    if (is_blank(policy_.substr(close, next - close))) before = before.substr(0, before.find_last_not_of(' ') + 1);
    std::string out(before);
    out.append(policy_.substr(close, next - close));
    if (next == policy_.size() && !out.ends_with('\n') && !out.ends_with('\r')) out.append(lines_.line_end());
    return out.append(as_block(exception, key_column() + 2, lines_.line_end())).append(policy_.substr(next));
  }
  [[nodiscard]] std::string into_brackets(const ExceptionText& exception) const {
    std::string item = as_flow(exception);
    if (size() == 0) {
      const std::size_t behind = lines_.offset(list()->at) + 1;
      return spliced(behind, behind, item);
    }
    const Position& first = list()->children.front().at;
    const std::size_t at = lines_.offset(first);
    const bool on_own_line = indentation(lines_.line(first.line)) == at - lines_.begin(first.line);
    item += on_own_line ? "," + std::string(lines_.line_end()) + std::string(at - lines_.begin(first.line), ' ') : ", ";
    return spliced(at, at, item);
  }
  /// From the item's '{' to behind its '}'.
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> flow_range(std::size_t number) const {
    const std::size_t begin = lines_.offset(list()->children[number].at);
    if (begin >= policy_.size() || policy_[begin] != '{') return std::nullopt;
    std::size_t depth = 0;
    char quote = '\0';
    for (std::size_t at = begin; at < policy_.size(); ++at) {
      const char c = policy_[at];
      if (quote != '\0') {
        if (c == '\\' && quote == '"') ++at;
        if (c == quote) quote = '\0';
        continue;
      }
      const char before = policy_[at - 1];
      if ((c == '"' || c == '\'') && (before == ' ' || before == '{' || before == '[' || before == ',')) quote = c;
      if (c == '#' && (before == ' ' || before == '\n')) return std::nullopt;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return std::pair(begin, at + 1);
    }
    return std::nullopt;
  }

  /// The text, when it says what the old one said with these exceptions.
  Result<std::string> proven(std::string text, const std::vector<YamlNode>& wanted) const {
    Problems problems;
    const auto root = read_yaml(text, problems.add_file("policy.yaml"), problems);
    if (!root || has_error(problems.take())) return by_hand();
    const auto before = others(root_), after = others(*root);
    const bool kept = std::equal(before.begin(), before.end(), after.begin(), after.end(),
                                 [](const YamlNode* a, const YamlNode* b) { return same(*a, *b); });
    const auto list = std::find_if(root->children.begin(), root->children.end(),
                                   [](const YamlNode& child) { return child.key == kList; });
    if (!kept || list == root->children.end() || list->kind != YamlNode::Kind::list) return by_hand();
    if (!std::equal(list->children.begin(), list->children.end(), wanted.begin(), wanted.end(), same)) return by_hand();
    return text;
  }

  std::string_view policy_;  // the caller's, for the length of its call
  Lines lines_;
  YamlNode root_;
};

}  // namespace

Result<std::string> add_exception(std::string_view policy, const ExceptionText& exception) {
  if (auto good = check_fields(exception); !good) return tl::unexpected(std::move(good).error());
  const auto edit = Edit::begin(policy);
  if (!edit) return tl::unexpected(edit.error());
  return edit->add(exception);
}

Result<std::string> replace_exception(std::string_view policy, std::size_t number, const ExceptionText& exception) {
  if (auto good = check_fields(exception); !good) return tl::unexpected(std::move(good).error());
  const auto edit = Edit::begin(policy);
  if (!edit) return tl::unexpected(edit.error());
  if (number >= edit->size()) return refused("there is no such exception any more", Errc::not_found);
  return edit->replace(number, exception);
}

Result<std::string> remove_exception(std::string_view policy, std::size_t number) {
  const auto edit = Edit::begin(policy);
  if (!edit) return tl::unexpected(edit.error());
  if (number >= edit->size()) return refused("there is no such exception any more", Errc::not_found);
  return edit->remove(number);
}

}  // namespace fairlead::rules::catalog
