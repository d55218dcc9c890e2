#pragma once
// A laptop of the fleet, as the hub last heard of it, and what was asked of laptops. Plain data.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/console/accounts.hpp"
#include "rules/catalog/exception_edit.hpp"

namespace fairlead::agent::console {

struct Laptop {
  std::string id, name, group;
  Moment enrolled{}, seen{};
  bool revoked = false;
  std::string health;     // JSON as the laptop told it; empty: nothing yet
  std::string site = {};  // empty: of none
};

/// Somebody's details went at the desk. Who it was stands nowhere any more.
struct Erasure {
  Moment asked{};
  std::uint64_t laptops = 0, done = 0;  // that were told, and that have done it
};

/// An address that was opened at the desk for a time, on the laptops of some groups.
struct Opened {
  std::string id, by;  // by: an account
  rules::catalog::ExceptionText exception = {};
  std::string about = {};  // the address and the groups, in one spelling
  bool everywhere = true;  // else at these sites, as far as the visitor sees them
  std::vector<std::string> sites = {};
  Moment made{};
  std::optional<Moment> over = {};  // nothing: it is open
  std::string closed_by = {};       // empty: its last day is over
  std::string next = {};            // the id of the one that took its place
  std::uint64_t behind = 0;         // laptops that have not taken over what holds for them now
  bool may_close = false;           // does it hold where the visitor decides, and nowhere else?
};

}  // namespace fairlead::agent::console
