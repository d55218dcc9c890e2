#pragma once
// The exceptions that the desk made for laptops (exchange/notice.hpp): which stand, for which sites, and who closed one
// before its last day. Each is told to the laptops of its groups and sites when it is made or closed, and to a laptop
// that joins or moves there later. Functions over the hub's database, but for the readings inside the caller's
// transaction.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/exchange/notice.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

struct DeskException {
  std::string id, by;
  rules::catalog::ExceptionText exception;
  std::string about;  // its address and groups, in one spelling: whatever has the same takes its place
  std::string sites;  // their numbers, as in Narrowed; empty: the whole organisation
  Now made{};
  Now over{};                                // when it ended; the epoch: it stands
  std::string closed_by = {};                // empty: its last day is over
  std::uint64_t unheard = 0;                 // laptops that have not heard of it, or of its end, yet: count_unheard()
  std::vector<std::string> site_names = {};  // name_sites()
};

struct Made {
  std::string id;
  std::uint64_t laptops = 0;  // that it was told to
};
/// A new one, for the laptops of these sites (as in DeskException). One for the same address, groups and sites gives
/// its place. Where there is no laptop that it would be told to, none is made.
/// Errors   refused: its address or its last day cannot be read, or its laptops can keep no more.
[[nodiscard]] Result<Made> make_exception(Connection& connection, const exchange::ExceptionNotice& exception,
                                          const std::string& sites, Now now);

/// Ends one at once, and tells its laptops; those for which another one for the same address stands hear of that again.
/// Errors   not_found: it does not stand.
[[nodiscard]] Result<void> close_exception(Connection& connection, const std::string& id, const std::string& by,
                                           Now now);

/// Tells a laptop all that stand where it is now; one that it knows already changes nothing there.
/// device      its id.
/// from_site   where it was until now: what stands there alone ends. Nothing for one that joins.
[[nodiscard]] Result<void> tell_what_stands(Connection& connection, const std::string& device,
                                            std::optional<std::int64_t> from_site, Now now);

/// Those that stand, the latest last, and the latest of those that are over, the latest first; as far as this
/// connection shows them. What is unheard is not counted here.
[[nodiscard]] Result<std::vector<DeskException>> read_standing(Connection& connection, Now now);
[[nodiscard]] Result<std::vector<DeskException>> read_over(Connection& connection, Now now, std::size_t limit);
/// Counts what is unheard. connection: one that shows the notices of all.
[[nodiscard]] Result<void> count_unheard(Connection& connection, std::vector<DeskException>& exceptions);

/// The names of their sites, as far as this connection shows them.
[[nodiscard]] Result<void> name_sites(Connection& connection, std::vector<DeskException>& exceptions);

/// Are all the sites of an exception among these?  sites: as in DeskException.
[[nodiscard]] bool is_within(const DeskException& exception, const std::string& sites);

}  // namespace fairlead::agent::hub
