#pragma once
// How every command ends: what a script can go by.

#include <initializer_list>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

/// done; the answer is "no" (a test failed, lint found errors, it does not verify); used wrongly; could not do it.
inline constexpr int kDone = 0, kNo = 1, kWrongUse = 2, kCouldNot = 3;

/// Says on stderr what stands in the way.
/// Returns  kCouldNot.
int could_not(std::string_view why);
/// no       of its codes, those by which the answer is "no".
/// Returns  kNo or kCouldNot.
int could_not(const Error& error, std::initializer_list<Errc> no = {});

}  // namespace fairlead::agent::command
