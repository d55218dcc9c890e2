// Nothing can be watched: every watch says so by having no descriptor, and has no news.

#include "agent/platform/clock_watch.hpp"
#include "agent/platform/network_watch.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

FolderWatch::FolderWatch(const std::filesystem::path&) {}
FolderWatch::~FolderWatch() = default;
bool FolderWatch::drain() { return false; }

ClockWatch::ClockWatch() = default;
ClockWatch::~ClockWatch() = default;
bool ClockWatch::drain() { return false; }

NetworkWatch::NetworkWatch() = default;
NetworkWatch::~NetworkWatch() = default;
bool NetworkWatch::drain() { return false; }

int duplicate(int) { return -1; }

}  // namespace fairlead::agent::platform
