#include "agent/platform/sent_bytes.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

namespace fairlead::agent::platform {

std::size_t unacknowledged_bytes(int socket_descriptor) {
  int bytes = 0;
  return ioctl(socket_descriptor, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

}  // namespace fairlead::agent::platform
