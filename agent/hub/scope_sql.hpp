#pragma once
// The views that narrow a connection to some sites (scope.hpp). Both databases look among what is temporary first.
// In the texts @ stands for the schema of the tables themselves, % for numbers of sites: they are made of constants and
// numbers alone, because a view takes no parameters.

#include <array>
#include <string_view>

namespace fairlead::agent::hub::sql {

struct View {
  std::string_view table, rows;
};

namespace sqlite {
inline constexpr std::string_view kLookedAtHere =
    "NOT EXISTS (SELECT 1 FROM json_each('[' || e.sites || ']') AS one WHERE one.value NOT IN (%))";
inline constexpr std::string_view kHoldsHere =
    "EXISTS (SELECT 1 FROM json_each('[' || e.sites || ']') AS one WHERE one.value IN (%))";
}  // namespace sqlite
namespace postgres {
inline constexpr std::string_view kLookedAtHere =
    "NOT EXISTS (SELECT 1 FROM unnest(CAST(string_to_array(e.sites, ',') AS BIGINT[])) AS one WHERE one NOT IN (%))";
inline constexpr std::string_view kHoldsHere =
    "EXISTS (SELECT 1 FROM unnest(CAST(string_to_array(e.sites, ',') AS BIGINT[])) AS one WHERE one IN (%))";
/// For one site; of several each is read in its own order and they are merged.
inline constexpr std::string_view kIncidentsOfSite = "SELECT * FROM incidents WHERE site = ";
}  // namespace postgres

/// In this order: each reads tables that are not hidden yet. & stands for kLookedAtHere: a line of the desk about no
/// incident is read by whoever sees all sites that its writer saw, or the one person that it is about. ^ stands for
/// kHoldsHere: an exception is seen where it holds.
inline constexpr std::array kViews = {
    View{"events", "SELECT * FROM @events WHERE device IN (SELECT number FROM @devices WHERE site IN (%))"},
    View{"reports", "SELECT * FROM @reports WHERE device IN (SELECT number FROM @devices WHERE site IN (%))"},
    View{"entries",
         "SELECT e.* FROM @entries AS e WHERE CASE WHEN e.device <> 0 THEN EXISTS (SELECT 1 FROM @devices d WHERE"
         " d.number = e.device AND d.site IN (%)) WHEN e.incident <> 0 THEN EXISTS (SELECT 1 FROM @incidents i WHERE"
         " i.number = e.incident AND i.site IN (%)) WHEN e.sites <> '' AND & THEN 1 = 1 ELSE EXISTS (SELECT 1 FROM "
         "@people p WHERE"
         " p.number = e.person AND (EXISTS (SELECT 1 FROM @devices d WHERE d.number = p.device AND d.site IN (%)) OR"
         " (p.device = 0 AND EXISTS (SELECT 1 FROM @incidents i WHERE i.person = p.number AND i.site IN (%))))) END"},
    View{"people",
         "SELECT p.* FROM @people AS p WHERE EXISTS (SELECT 1 FROM @devices d WHERE d.number = p.device AND d.site IN"
         " (%)) OR (p.device = 0 AND EXISTS (SELECT 1 FROM @incidents i WHERE i.person = p.number AND i.site IN (%)))"},
    View{"incident_hosts",
         "SELECT x.* FROM @incident_hosts AS x WHERE EXISTS (SELECT 1 FROM @incidents i WHERE i.number = x.incident AND"
         " i.site IN (%))"},
    View{"incidents", "SELECT * FROM @incidents WHERE site IN (%)"},
    View{"exceptions", "SELECT e.* FROM @exceptions AS e WHERE e.sites = '' OR ^"},
    View{"totals", "SELECT * FROM @totals WHERE site IN (%)"},
    View{"devices", "SELECT * FROM @devices WHERE site IN (%)"},
    View{"sites", "SELECT * FROM @sites WHERE number IN (%)"},
};

/// What the desk has no need of.
inline constexpr std::array<std::string_view, 11> kHidden = {"codes",        "redeemed", "audit",       "streams",
                                                             "gaps",         "spans",    "notices",     "releases",
                                                             "book_streams", "erasures", "device_rules"};
/// About no laptop and nobody. Names of hosts are found from incidents alone.
inline constexpr std::array<std::string_view, 4> kOpen = {"hub", "parts", "classes", "hosts"};

}  // namespace fairlead::agent::hub::sql
