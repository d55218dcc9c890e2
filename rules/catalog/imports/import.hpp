#pragma once
// Reads lists that others publish (hosts files, domain lists, Adblock filters, ...) line by line, says in canonical
// form what each line asks for, and counts what was left out and why. Nothing is kept here: the sink takes or forgets.
// Blocking file reads; never on the event loop. One import from one thread.

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/imports/filter.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// Why a line was left out. Comments and empty lines are not counted as left out.
enum class Skipped : std::uint8_t {
  not_a_host,          // no browser could connect to it
  address,             // an IP address where the format lists names
  local_name,          // localhost, broadcasthost and the like at the head of hosts files
  not_a_path,          // a URL that cannot be read
  bad_syntax,          // does not follow the format
  unknown_option,      // an Adblock option that is not known: the filter means something else than it says
  not_a_request,       // rules about page elements, scripts, headers, pop-ups: nothing that a proxy sees
  bad_pattern,         // RE2 does not take the expression
  matches_everything,  // an expression or filter that would close the whole web
  cancelled,           // a $badfilter line, or a filter that one cancels
  too_long,            // a line over 64 KiB
};
[[nodiscard]] std::string_view to_string(Skipped reason);  // "not a host"
inline constexpr std::size_t kSkippedReasons = 11;

/// Receives what an import finds. Views live until the call returns; lines count from 1. A line may be told of several
/// times (a hosts file with several names on it). Where import_list() fails, what was told before is void.
class ListSink {
 public:
  virtual ~ListSink() = default;
  /// The lines that follow stand in this file: a member of an archive or folder, or the list itself.
  virtual void begin_file(std::string_view name) = 0;
  /// The host and all below it; canonical.
  virtual void host(std::string_view host, std::uint32_t line) = 0;
  /// Host and path prefix; both canonical, the path begins with '/' and may go on with '?' and the begin of a query.
  virtual void path(std::string_view host, std::string_view path, std::uint32_t line) = 0;
  /// An expression over hosts or whole addresses, in RE2's syntax; known to compile.
  virtual void pattern(std::string_view re2, Where where, std::uint32_t line) = 0;
  virtual void filter(Filter filter, std::uint32_t line) = 0;
  /// SHA-256("fairlead:" + host), or of host and path prefix; 64 lower-case hex digits.
  virtual void hashed(std::string_view sha256, std::uint32_t line) = 0;
  virtual void skipped(Skipped reason, std::string_view text, std::uint32_t line) = 0;
};

/// Reads the list at `path` and tells `sink` of every line.
/// path     a file or a folder; gzip, zstd, xz and tar are recognised by their content. Of a UT1/squidGuard folder or
///          tar the members `domains`, `urls` and `expressions` (also with .gz, .zst or .xz behind) in `member` are
///          read; of other formats the file `member`, or all files below it.
/// member   the folder inside, such as "blacklists/gambling"; empty: the only or first one.
/// Errors   Errc::not_found, bad_file (not such an archive, an HTML page, nothing in it), too_large (over 1 GiB
///          unpacked, or over 4,096 members).
[[nodiscard]] Result<void> import_list(const std::filesystem::path& path, ListFormat format, std::string_view member,
                                       ListSink& sink);

/// The same from memory, for one uncompressed file without a name; of UT1 the file `urls`.
void import_text(std::string_view text, ListFormat format, ListSink& sink);

}  // namespace fairlead::rules::catalog
