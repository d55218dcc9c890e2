#pragma once
// The exceptions that the desk made: which stand, for the laptops of which groups and sites, and who closed one before
// its last day. A laptop is told all that stand for it whenever it has others (exchange/notice.hpp): one that joins,
// moves, was off or was put back from an image needs nothing of its own. Functions over the hub's database;
// make_exception() inside the caller's transaction.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/exchange/notice.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

struct MadeException {
  exchange::DeskException told;  // as laptops hear it
  std::string about;             // its address and groups, in one spelling: whatever has the same takes its place
  std::string sites;             // their numbers, as in Narrowed; empty: the whole organisation
  Now made{};
  std::optional<Now> over = {};              // when it ended; nothing: it stands
  std::string closed_by = {};                // empty: its last day is over
  std::string next = {};                     // the id of the one that took its place
  std::uint64_t behind = 0;                  // laptops that have not taken over what stands for them: count_behind()
  std::vector<std::string> site_names = {};  // name_sites()
};

/// A new one, for the laptops of these sites (as in MadeException). One for the same address, groups and sites gives
/// its place. Returns its id. Errors   refused: its address or its last day cannot be read, or its laptops can keep no
/// more.
[[nodiscard]] Result<std::string> make_exception(Connection& connection, const exchange::DeskException& exception,
                                                 const std::string& sites, Now now);
/// Ends one at once.
/// Errors   not_found: it does not stand.
[[nodiscard]] Result<void> close_exception(Connection& connection, const std::string& id, const std::string& by,
                                           Now now);

/// What stands for the laptops of a group at a site; nothing where that is the set of this digest.
[[nodiscard]] Result<std::optional<exchange::ExceptionSet>> other_set_for(Connection& connection,
                                                                          const std::string& group, std::int64_t site,
                                                                          const std::string& digest, Now now);
/// Those of the laptops that this connection shows that are in one of these groups.
[[nodiscard]] Result<std::uint64_t> laptops_in(Connection& connection, const std::vector<std::string>& groups);

/// Those that stand, the latest last, and the latest of those that are over, the latest first; as far as this
/// connection shows them.
[[nodiscard]] Result<std::vector<MadeException>> read_standing(Connection& connection, Now now);
[[nodiscard]] Result<std::vector<MadeException>> read_over(Connection& connection, Now now, std::size_t limit);
/// Of how many of the laptops that this connection shows, and that one of them is or was for, the exceptions are others
/// than those that stand for them.
/// standing  all of those that stand, as far as the connection shows them.
[[nodiscard]] Result<void> count_behind(Connection& connection, const std::vector<MadeException>& standing,
                                        std::vector<MadeException>& exceptions);
/// The names of their sites, as far as this connection shows them.
[[nodiscard]] Result<void> name_sites(Connection& connection, std::vector<MadeException>& exceptions);

/// Are all the sites of an exception among these?  sites: as in MadeException.
[[nodiscard]] bool is_within(const MadeException& exception, const std::string& sites);

}  // namespace fairlead::agent::hub
