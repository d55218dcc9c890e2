#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

struct Query {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

void copy_address(const SocketAddress& from, __be32 (&to)[4]) { std::memcpy(to, from.bytes, from.v6 ? 16 : 4); }

}  // namespace

SocketOwners::SocketOwners() : netlink_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
  // The kernel answers inside send(); the limit only guards against a kernel that does not.
  const timeval limit{0, 50'000};
  if (netlink_ >= 0) setsockopt(netlink_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

SocketOwners::~SocketOwners() {
  if (netlink_ >= 0) close(netlink_);
}

std::optional<UserId> SocketOwners::owner(const SocketAddress& client, const SocketAddress& agent) {
  if (netlink_ < 0) return std::nullopt;
  Query query{};
  query.header.nlmsg_len = sizeof query;
  query.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  query.header.nlmsg_flags = NLM_F_REQUEST;
  query.request.sdiag_family = client.v6 ? AF_INET6 : AF_INET;
  query.request.sdiag_protocol = IPPROTO_TCP;
  query.request.idiag_states = ~0U;
  query.request.id.idiag_sport = htons(client.port);
  query.request.id.idiag_dport = htons(agent.port);
  copy_address(client, query.request.id.idiag_src);
  copy_address(agent, query.request.id.idiag_dst);
  query.request.id.idiag_cookie[0] = query.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  if (send(netlink_, &query, sizeof query, 0) != static_cast<ssize_t>(sizeof query)) return std::nullopt;

  alignas(nlmsghdr) char answer[1024];
  const ssize_t size = recv(netlink_, answer, sizeof answer, 0);
  if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) return std::nullopt;
  nlmsghdr header;
  std::memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY ||
      static_cast<std::size_t>(size) < NLMSG_LENGTH(sizeof(inet_diag_msg))) {
    return std::nullopt;
  }
  inet_diag_msg found;
  std::memcpy(&found, answer + NLMSG_HDRLEN, sizeof found);
  // A socket that its process has already closed has no inode, and its uid reads 0: that is "unknown", never root.
  // Where no such connection stands, the kernel tells of a socket that listens on its port: that is somebody else's.
  constexpr unsigned kListens = 10;  // TCP_LISTEN
  if (found.idiag_inode == 0 || found.idiag_state == kListens) return std::nullopt;
  return UserId{found.idiag_uid};
}

std::optional<UserId> peer_of_local_socket(int descriptor) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return UserId{credentials.uid};
}

bool is_quiet_and_open(int socket_descriptor) {
  char byte = 0;
  const ssize_t size = recv(socket_descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace fairlead::agent::platform
