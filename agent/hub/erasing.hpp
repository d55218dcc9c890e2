#pragma once
// Whoever asked to be erased: at the desk their details go at once, in the tables; the files are written anew by
// whoever keeps the store (keeping.hpp). Their laptops are told (exchange/notice.hpp). What such a laptop still hands
// in about them, until it says that it has done the same, is taken without their details. Blocking.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/book.hpp"
#include "agent/events/records.hpp"
#include "agent/exchange/pseudonym.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

/// Whether this is an account of one laptop alone. person: as they are shown.
[[nodiscard]] Result<bool> is_of_one_laptop(Connection& connection, const std::string& person);

/// As events::Records::erase_person(). person: as they are shown; sites: that whoever does it sees, as Narrowed has
/// them.
[[nodiscard]] Result<std::uint64_t> erase_person(Connection& connection, const std::string& person,
                                                 const std::function<events::Entry(std::uint64_t rows)>& record,
                                                 const std::string& sites);

/// What was asked of laptops.
struct ErasureState {
  Now asked{};
  std::uint64_t laptops = 0, done = 0;
};
/// The latest first.
[[nodiscard]] Result<std::vector<ErasureState>> read_erasures(Connection& connection, std::size_t limit);

/// Of whom a laptop holds something that is to be erased. Inside the transaction that has locked the laptop's stream:
/// an erasure that is under way was waited for. device: its number.
[[nodiscard]] Result<std::vector<exchange::Pseudonym>> erased_on(Connection& connection, std::int64_t device);
/// A laptop has erased what these notices told it to, if any did.
[[nodiscard]] Result<void> confirm_erasures(Connection& connection, std::int64_t device,
                                            const std::vector<std::string>& heard, Now now);
/// A laptop that was taken out does and hears nothing any more.
[[nodiscard]] Result<void> give_up_erasures(Connection& connection, std::int64_t device);

/// Without the details of one of these people, if they are theirs. True: they were.
[[nodiscard]] bool strip(events::Stored& row, const std::vector<exchange::Pseudonym>& erased);
[[nodiscard]] bool strip(events::BookRow& row, const std::vector<exchange::Pseudonym>& erased);

}  // namespace fairlead::agent::hub
