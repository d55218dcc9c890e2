#pragma once
// How a failure travels: Result<T> holds a value or an Error. Expected failure is a value, never an exception.
// The bottom of everything; usable from any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace fairlead {

/// What went wrong, for programs: compared and counted, never parsed from text.
enum class Errc : std::uint8_t {
  bad_host,      // a host that a browser would refuse
  bad_url,       // a URL that a browser would refuse, or one we will not forward
  bad_message,   // bytes that break the grammar of HTTP or TLS
  too_large,     // a limit on size or number was passed
  unsupported,   // correct, but not something we do
  bad_file,      // a file that people edit has a mistake
  bad_rule,      // a pattern or rule that cannot be used
  test_failed,   // an in-file test of a category failed
  not_found,     // a name, a row or a file that is not there
  refused,       // the other side, or our own policy, said no
  untrusted,     // a certificate that does not prove what it must
  closed,        // the other side ended the connection
  timed_out,     // a deadline passed
  unreachable,   // no route, connection refused, no such host
  disk_full,     // the disk has no room
  broken_store,  // the event store cannot be used
  denied,        // the operating system does not permit it
  internal,      // a fault of our own
};

/// Whose fault it is; decides the answer: client 400, upstream 502/504, local 500.
enum class Side : std::uint8_t { client, upstream, local };

struct Error {
  Errc code = Errc::internal;
  Side side = Side::local;
  std::string context;  // for people: "bullying.yaml:14:3: unknown key 'hsot'"; never a learner's name
};

template <class T>
using Result = tl::expected<T, Error>;

/// Shortens `return tl::unexpected(Error{...})`.
[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, Side side, std::string context) {
  return tl::unexpected<Error>(Error{code, side, std::move(context)});
}

/// The code's own name ("bad_host"), for logs and JSON.
[[nodiscard]] std::string_view to_string(Errc code);

}  // namespace fairlead
