#pragma once
// How often a test tries what it draws by lot: all of it, and a quarter in a sanitized build, where the same takes many
// times as long.

namespace fairlead {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kPart = 4;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr int kPart = 4;
#else
inline constexpr int kPart = 1;
#endif
#else
inline constexpr int kPart = 1;
#endif

/// whole   what the plain build tries, or how often it must have found something.
constexpr int rounds(int whole) { return whole / kPart; }

}  // namespace fairlead
