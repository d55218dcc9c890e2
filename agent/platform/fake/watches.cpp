// Nothing can be watched: every watch says so by having no descriptor, and has no news.

#include "agent/platform/clock_watch.hpp"
#include "agent/platform/network_watch.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

FolderWatch::FolderWatch(const std::filesystem::path&) {}
FolderWatch::~FolderWatch() {}
bool FolderWatch::drain() { return false; }

ClockWatch::ClockWatch() = default;
ClockWatch::~ClockWatch() {}
bool ClockWatch::drain() { return false; }

NetworkWatch::NetworkWatch() = default;
NetworkWatch::~NetworkWatch() {}
bool NetworkWatch::drain() { return false; }

int duplicate(int) { return -1; }

}  // namespace fairlead::agent::platform
