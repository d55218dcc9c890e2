#include "agent/platform/clock_watch.hpp"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace fairlead::agent::platform {
namespace {

std::chrono::milliseconds read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(now.tv_sec) +
                                                               std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace

Clocks read_clocks() {
  return {std::chrono::sys_time<std::chrono::milliseconds>(read_clock(CLOCK_REALTIME)), read_clock(CLOCK_BOOTTIME),
          read_clock(CLOCK_MONOTONIC)};
}

ClockWatch::ClockWatch() : descriptor_(timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC)) {
  if (descriptor_ >= 0) arm();
}

ClockWatch::~ClockWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

/// The moment itself is never reached: only its being cancelled is waited for.
void ClockWatch::arm() const {
  itimerspec never{};
  never.it_value.tv_sec = sizeof(time_t) > 4 ? time_t{1} << 33 : time_t{0x7FFF'FFFF};
  timerfd_settime(descriptor_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

bool ClockWatch::drain() {
  std::uint64_t expired = 0;
  const ssize_t size = read(descriptor_, &expired, sizeof expired);
  const bool told = size > 0 || errno == ECANCELED;
  if (told) arm();
  return told;
}

}  // namespace fairlead::agent::platform
