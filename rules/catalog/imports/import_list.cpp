#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/adblock.hpp"
#include "rules/catalog/imports/archive.hpp"
#include "rules/catalog/imports/import.hpp"
#include "rules/catalog/imports/line_importer.hpp"
#include "rules/catalog/imports/line_reader.hpp"

namespace fairlead::rules::catalog {
namespace {

std::string_view folder_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

std::string_view file_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

bool is_ut1_file(std::string_view file) { return file == "domains" || file == "urls" || file == "expressions"; }

/// Which files of an archive or folder are the list.
class Choice {
 public:
  Choice(ListFormat format, std::string_view member) : is_ut1_(format == ListFormat::ut1) {
    if (!member.empty()) member_ = text::trim(member, "/");
  }

  bool wants(std::string_view name) {
    if (name.starts_with("./")) name.remove_prefix(2);
    if (is_ut1_ && !is_ut1_file(file_of(name))) return false;
    // Without a folder to look in, the first that holds what is looked for is the list: of UT1 with all its files, of
    // other formats one file.
    if (!member_) member_ = is_ut1_ ? folder_of(name) : name;
    if (is_ut1_) return folder_of(name) == *member_;
    return name == *member_ ||
           (name.size() > member_->size() && name.starts_with(*member_) && name[member_->size()] == '/');
  }

 private:
  bool is_ut1_;
  std::optional<std::string> member_;
};

/// What is served in place of a list that is gone, or behind a sign-in.
bool is_html(std::string_view begin) {
  begin = text::trim(begin, " \t\r\n\xEF\xBB\xBF");
  for (const std::string_view mark : {"<!doctype", "<html", "<head", "<?xml", "<script", "<body"}) {
    if (text::equals_ignoring_case(begin.substr(0, mark.size()), mark)) return true;
  }
  return false;
}

/// Feeds the lines of the chosen files to an importer that `make` gives for each.
template <class Make>
class Feeder final : public MemberSink {
 public:
  Feeder(Choice choice, ListSink* sink, Make make) : choice_(std::move(choice)), sink_(sink), make_(std::move(make)) {}

  bool begin_member(std::string_view name) override {
    if (!choice_.wants(name)) return false;
    found_ = true;
    if (sink_ != nullptr) sink_->begin_file(name);
    importer_ = make_(file_of(name));
    reader_.emplace(*importer_, sink_);
    begin_.clear();
    return true;
  }

  void take_piece(std::string_view bytes) override {
    constexpr std::size_t kEnough = 256;
    if (begin_.size() < kEnough) begin_.append(bytes.substr(0, kEnough));
    has_bytes_ = has_bytes_ || bytes.find_first_not_of(" \t\r\n") != std::string_view::npos;
    html_ = html_ || is_html(begin_);
    if (!html_) reader_->feed(bytes);
  }

  void end_member() override {
    if (!html_) reader_->finish();
  }

  [[nodiscard]] Result<void> verdict(bool is_ut1, bool is_named) const {
    const auto refuse = [](std::string why) { return fail(Errc::bad_file, Side::local, std::move(why)); };
    if (!found_ && is_ut1)
      return refuse(is_named ? "there is no file domains, urls or expressions in the folder that 'member' names"
                             : "this is no UT1 list: there is no file domains, urls or expressions in it");
    if (!found_)
      return refuse(is_named ? "there is no such file or folder as 'member' names" : "there is no file in it");
    if (html_) return refuse("this is an HTML page, not a list; open the address in a browser to see what it says");
    if (!has_bytes_) return refuse("the list is empty");
    return {};
  }

 private:
  Choice choice_;
  ListSink* sink_;
  Make make_;
  std::unique_ptr<LineImporter> importer_;
  std::optional<LineReader> reader_;
  std::string begin_;
  bool found_ = false, has_bytes_ = false, html_ = false;
};

template <class Make>
Result<void> feed(const std::filesystem::path& path, ListFormat format, std::string_view member, ListSink* sink,
                  Make make) {
  Feeder feeder(Choice(format, member), sink, std::move(make));
  if (auto read = unpack(path, feeder); !read) return read;
  return feeder.verdict(format == ListFormat::ut1, !member.empty());
}

}  // namespace

Result<void> import_list(const std::filesystem::path& path, ListFormat format, std::string_view member,
                         ListSink& sink) {
  CancelledFilters cancelled;
  if (format == ListFormat::adblock) {
    const auto make = [&](std::string_view /*file*/) { return make_cancelled_filters_reader(cancelled); };
    if (auto read = feed(path, format, member, nullptr, make); !read) return read;
  }
  const auto make = [&](std::string_view file) {
    if (format == ListFormat::ut1 && file == "domains") return make_domains_importer(sink);
    if (format == ListFormat::ut1 && file == "expressions") return make_expressions_importer(sink);
    return make_line_importer(format, cancelled, sink);
  };
  return feed(path, format, member, &sink, make);
}

}  // namespace fairlead::rules::catalog
