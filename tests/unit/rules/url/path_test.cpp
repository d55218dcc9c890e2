#include "rules/url/path.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace url = fairlead::rules::url;

namespace {

struct Row {
  std::string_view raw;
  std::string_view canonical;
  std::string_view why;
};

std::string canonical_path(std::string_view raw) {
  std::string out = "https://host";
  url::append_canonical_path(raw, out);
  return out.substr(12);
}

std::string canonical_query(std::string_view raw) {
  std::string out;
  url::append_canonical_query(raw, out);
  return out;
}

}  // namespace

TEST_CASE("append_canonical_path: one text for each path, and stable") {
  const std::vector<Row> rows = {
      {"", "/", "no path is the root"},
      {"/", "/", "root"},
      {"/blocked/d", "/blocked/d", "already canonical"},
      {"\\blocked\\d", "/blocked/d", "browsers read a backslash as a slash"},
      {"/q/../blocked/d", "/blocked/d", "dot segments"},
      {"/q/r/../../blocked/d", "/blocked/d", "two levels"},
      {"/q/./../blocked/d", "/blocked/d", "one dot"},
      {"/q/%2e%2E/blocked/d", "/blocked/d", "escaped dots"},
      {"/q/.%2e/blocked/d", "/blocked/d", "one dot escaped"},
      {"/q\\..\\blocked\\d", "/blocked/d", "backslashes around dots"},
      {"/../../blocked", "/blocked", "nothing is above the root"},
      {"/..", "/", "the root itself"},
      {"/a/..", "/", "a dot segment at the end leaves a slash"},
      {"/a/b/..", "/a/", "the same, deeper"},
      {"/a/.", "/a/", "one dot at the end"},
      {"/a/...", "/a/...", "three dots are a name"},
      {"/a/..b", "/a/..b", "a name that begins with dots"},
      {"//blocked//d", "//blocked//d", "double slashes are kept"},
      {"//..", "/", "the empty segment goes"},
      {"/a//../b", "/a/b", "the empty segment goes, not 'a'"},
      {"/b%6Co%63ked/d", "/blocked/d", "escaped letters"},
      {"/%7Eme/%2d%5F", "/~me/-_", "escaped unreserved marks"},
      {"/a%2fb", "/a%2Fb", "an escaped slash stays, in upper case"},
      {"/a%3Fb%23c", "/a%3Fb%23c", "escaped delimiters stay"},
      {"/a%2562", "/a%2562", "an escape is undone once"},
      {"/%%32e", "/%%32e", "undoing would make a new escape"},
      {"/%%32%65%2e/x", "/%%32e./x", "near a stray % only"},
      {"/%a%32", "/%a%32", "undoing would make a new escape, one byte on"},
      {"/%/%61", "/%/a", "a stray % in another segment does no harm"},
      {"/100%", "/100%", "a stray % stays"},
      {"/%zz%7a", "/%zzz", "no escape"},
      {"/a b\"<>`{}|^", "/a%20b%22%3C%3E%60%7B%7D%7C%5E", "bytes that no path may hold"},
      {"/\x01\x7f", "/%01%7F", "control bytes"},
      {"/caf\xC3\xA9", "/caf%C3%A9", "UTF-8 is escaped"},
      {"/caf\xE9", "/caf%E9", "other bytes are escaped as they are"},
      {"/a;b=c/@:!$&'()*+,", "/a;b=c/@:!$&'()*+,", "reserved marks keep their meaning"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    const std::string once = canonical_path(row.raw);
    CHECK(once == row.canonical);
    CHECK(canonical_path(once) == once);
  }
}

TEST_CASE("append_canonical_query: bytes stay, escapes in upper case") {
  const std::vector<Row> rows = {
      {"a=1&b=%61%2f", "a=1&b=%61%2F", "never decoded"},
      {"a=b c", "a=b%20c", "a space would end the request line"},
      {"a=\"<>'", "a=%22%3C%3E%27", "the special-query set"},
      {"a={}|^`\\", "a={}|^`\\", "browsers send these as they are"},
      {"q=\xC3\xA9", "q=%C3%A9", "UTF-8 is escaped"},
      {"../..", "../..", "dots mean nothing here"},
      {"%", "%", "a stray %"},
      {"\x7f", "%7F", "control byte"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    const std::string once = canonical_query(row.raw);
    CHECK(once == row.canonical);
    CHECK(canonical_query(once) == once);
  }
}

TEST_CASE("read_as_origin: the reading of a lenient server") {
  const std::vector<Row> rows = {
      {"/", "/", "root"},
      {"/blocked/d", "/blocked/d", "as written"},
      {"/blocked/", "/blocked/", "a slash at the end stays"},
      {"//blocked///d", "/blocked/d", "double slashes merge"},
      {"/blocked%2Fd", "/blocked/d", "an escaped slash separates"},
      {"/%2Fblocked%2Fd", "/blocked/d", "an escaped slash at the front"},
      {"/x%5Cblocked", "/x/blocked", "an escaped backslash separates"},
      {"/blocked;v=1/d", "/blocked/d", "parameters are dropped"},
      {"/blocked%3Bv=1/d", "/blocked/d", "escaped parameters too"},
      {"/;/blocked;/d;x", "/blocked/d", "a segment of parameters only is empty"},
      {"/q/..;/blocked/d", "/blocked/d", "parameters hide a dot segment"},
      {"/q/.;x/blocked", "/q/blocked", "one dot"},
      {"/q/..%2Fblocked/d", "/blocked/d", "an escaped slash hides a dot segment"},
      {"/q%2F..%2Fblocked/d", "/blocked/d", "two of them"},
      {"/q%5C..%5Cblocked/d", "/blocked/d", "backslashes"},
      {"/q/..%2F", "/", "up to the root"},
      {"/bl%22ocked%", "/bl\"ocked%", "other escapes are undone, a stray % stays"},
      {"/a%252Fb", "/a%2Fb", "once only"},
  };
  std::string out;
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    REQUIRE(url::read_as_origin(row.raw, out).has_value());
    CHECK(out == row.canonical);
  }
}

TEST_CASE("read_as_origin: a path that servers resolve to different places is refused") {
  std::string out;
  // Merging "//" first leads to /x, taking the empty segment away leads to /blocked/x.
  CHECK_FALSE(url::read_as_origin("/blocked%2F%2F..%2Fx", out).has_value());
  // Dropping parameters before decoding leads to /blocked/d, decoding first to /x/d.
  CHECK_FALSE(url::read_as_origin("/blocked;a%2F..%2Fx/d", out).has_value());
  CHECK_FALSE(url::read_as_origin("/q/..%3B/blocked", out).has_value());
  CHECK(url::read_as_origin("/adj/site;click=http%3A%2F%2Fads.example%2F;x=1", out).has_value());
}

TEST_CASE("read_as_words: what word rules see") {
  const std::vector<Row> rows = {
      {"/t?k=ba%64word", "/t?k=badword", "escaped letters"},
      {"/t/BadWord.html", "/t/badword.html", "case"},
      {"/t?x=1&badword", "/t?x=1&badword", "without a name"},
      {"/t?q=free+bets%20now", "/t?q=free bets now", "plus and %20 are spaces in the query"},
      {"/c++/x", "/c++/x", "a plus in the path is a plus"},
      {"/%EF%BD%82ad?q=w%C3%96rd", "/bad?q=w\xC3\xB6rd", "full width, capital umlaut"},
      {"/ba%C2%ADdword", "/badword", "a soft hyphen does not split a word"},
      {"/ba%E2%80%8Bdword", "/badword", "nor does a zero width space"},
      {"/%FFbad",
       "/\xEF\xBF\xBD"
       "bad",
       "bytes that are not UTF-8 are marked"},
      {"/ba%2564word", "/ba%64word", "once only"},
      {"/%F0%9D%90%9Bad", "/bad", "mathematical letters"},
  };
  std::string out;
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    url::read_as_words(row.raw, out);
    CHECK(out == row.canonical);
  }
}
