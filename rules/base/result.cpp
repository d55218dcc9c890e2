#include "rules/base/result.hpp"

namespace fairlead {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::bad_host:
      return "bad_host";
    case Errc::bad_url:
      return "bad_url";
    case Errc::bad_message:
      return "bad_message";
    case Errc::too_large:
      return "too_large";
    case Errc::unsupported:
      return "unsupported";
    case Errc::bad_file:
      return "bad_file";
    case Errc::bad_rule:
      return "bad_rule";
    case Errc::test_failed:
      return "test_failed";
    case Errc::not_found:
      return "not_found";
    case Errc::refused:
      return "refused";
    case Errc::untrusted:
      return "untrusted";
    case Errc::closed:
      return "closed";
    case Errc::timed_out:
      return "timed_out";
    case Errc::unreachable:
      return "unreachable";
    case Errc::disk_full:
      return "disk_full";
    case Errc::broken_store:
      return "broken_store";
    case Errc::denied:
      return "denied";
    case Errc::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace fairlead
