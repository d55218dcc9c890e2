#pragma once
// The operating system, as far as Fairlead needs it: the only room with OS headers. Nothing here decides anything.
// Calls marked "blocks" never run on the event loop; the others return at once.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/policy/person.hpp"

namespace fairlead::agent::platform {

/// The wall clock, UTC.
[[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> wall_clock();

/// An account number of the operating system.
enum class UserId : std::uint32_t {};

/// One end of a TCP connection: 4 or 16 address bytes in network order, port in host order.
struct SocketAddress {
  unsigned char bytes[16] = {};
  bool v6 = false;
  std::uint16_t port = 0;
};

/// Tells who owns the client's end of a loopback connection. One object, one thread.
class SocketOwners {
 public:
  SocketOwners();
  ~SocketOwners();
  SocketOwners(const SocketOwners&) = delete;
  SocketOwners& operator=(const SocketOwners&) = delete;

  /// client   the peer as accept() told it; agent: our own end.
  /// Returns  the owner, or nothing when the system cannot tell (a socket without inode is unknown, never root).
  /// Cost     one sock_diag query, about 3 µs.
  [[nodiscard]] std::optional<UserId> owner(const SocketAddress& client, const SocketAddress& agent);

 private:
  int netlink_ = -1;
};

/// Name and groups of an account. Blocks (directories over the network are possible). Unknown when there is no such
/// account.
[[nodiscard]] rules::policy::Person person_of(UserId user);

/// Is this an account of the system's own (a service), and of no person?
[[nodiscard]] bool is_system_account(UserId user);

/// The account on the other end of a local (Unix) socket.
[[nodiscard]] std::optional<UserId> peer_of_local_socket(int descriptor);

/// The account this process runs as.
[[nodiscard]] UserId own_account();

/// Raises the limit on open descriptors as far as the system permits; returns it.
std::size_t raise_descriptor_limit();

[[nodiscard]] std::uint32_t process_id();

/// The program that started this process as a service and watches over it (systemd, sd_notify(3)). A process that was
/// started by hand has none: nothing happens then. One thread.
class ServiceManager {
 public:
  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// lines  as in sd_notify(3): "READY=1\nSTATUS=rules in force". Never waits; what cannot be sent is dropped.
  void tell(std::string_view lines) const;
  /// How often it wants to hear WATCHDOG=1 at least; zero: it does not ask for that.
  [[nodiscard]] std::chrono::microseconds watchdog() const { return watchdog_; }

 private:
  int socket_ = -1;
  std::chrono::microseconds watchdog_{0};
};

/// Root becomes the account to which a folder belongs, for the rest of this process: what it writes for a service that
/// runs under an account of its own can then be read by that service, and nothing that lies there leads root astray.
/// Nothing happens for another account than root, for a folder of root's, and for one that is not there.
/// Errors   denied
[[nodiscard]] Result<void> act_as_owner_of(const std::filesystem::path& folder);

/// May this process change the laptop's settings?
[[nodiscard]] bool is_administrator();

/// Runs a program to its end, with nothing to read; what it prints is dropped. Blocks.
///
/// command   its path, and the words after it.
/// Returns   its exit code; 128 and above for a signal.
/// Errors    not_found, denied.
[[nodiscard]] Result<int> run_program(const std::vector<std::string>& command);

/// More aliases than this follow each other for no honest name: name servers give up at 11 to 16.
inline constexpr std::size_t kMostAliases = 16;
/// The names that a host is an alias of (CNAME), the first one first, as the name server told them. Asks the DNS once,
/// unless the host is its own canonical name or the hosts file names it (the other names on a line there are no
/// aliases). Blocks: for 3 s where three name servers say nothing; a name of one label for that long in each search
/// domain; an answer that is too long for one datagram is asked for again without such a limit.
///
/// canonical_name   what the system's look-up of `host` told; always among the names, and alone when the DNS cannot be
///                  read.
/// v6               the kind of address that the look-up found.
///
/// Returns   names as they came; the host itself, or what a search domain made of it, may be the first.
///
/// Errors    not_found: the chain is longer than kMostAliases, or a circle.
[[nodiscard]] Result<std::vector<std::string>> aliases_of(const std::string& host, const std::string& canonical_name,
                                                          bool v6);
/// The same of a DNS message: the name that was asked for, and what it leads to. Does not block.
/// Errors          bad_message; not_found as above.
[[nodiscard]] Result<std::vector<std::string>> read_aliases(std::span<const unsigned char> message);

/// The name of this machine, for people.
[[nodiscard]] std::string host_name();

/// Settings of the process that hold for all of it: file size signals ignored (a full disk is an error value, not a
/// death), umask 077, few allocator arenas.
void prepare_process();

/// Gives freed memory back to the system that the allocator keeps between what is still in use: after work that needed
/// far more than what is left of it. Takes milliseconds.
void give_memory_back();

/// Moves bytes between two sockets inside the kernel, through a pipe that is only held while bytes are under way.
class KernelRelay {
 public:
  enum class Moved : std::uint8_t { some, source_empty, sink_full, source_ended, failed };
  KernelRelay() = default;
  ~KernelRelay();
  KernelRelay(KernelRelay&& other) noexcept;
  KernelRelay& operator=(KernelRelay&&) = delete;

  /// Moves what can be moved without waiting, up to `limit` bytes; adds to `moved`. When nothing is under way the pipe
  /// goes back to a small pool. Errors of either socket, or no descriptors left: failed.
  [[nodiscard]] Moved move(int source, int sink, std::size_t limit, std::uint64_t& moved);

 private:
  int pipe_[2] = {-1, -1};
  std::size_t held_ = 0;  // bytes inside the pipe
  void release();
};

/// A descriptor that becomes readable when something below a folder changes; and what reads the notices away.
class FolderWatch {
 public:
  explicit FolderWatch(const std::filesystem::path& folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }  // -1 when the system cannot watch
  /// Reads all waiting notices. True when one of them was about a file that people edit.
  bool drain();

 private:
  int descriptor_ = -1;
};

/// A second descriptor for the same thing, for an owner that closes it. -1 when there are no descriptors left.
[[nodiscard]] int duplicate(int descriptor);

/// A file that one process at a time may hold. The system frees it when the process ends, however it ends.
class FileLock {
 public:
  /// Makes the file when it is not there. Errors: denied when another process holds it or the folder is not ours.
  [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& file);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// Returns once the file's bytes are on the disk. Blocks. Errors: disk_full, denied, not_found.
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& file);

/// Gives a file its new name, over what had it before, and returns once that is on the disk; both in one folder.
/// Blocks. After a loss of power one of the two names is there, whole, provided that the bytes were synced before.
[[nodiscard]] Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Puts `bytes` in the place of a small file: a reader finds the old or the new, whole. Blocks; syncs.
[[nodiscard]] Result<void> replace_file(const std::filesystem::path& file, std::string_view bytes);

/// The same for a file that is not ours alone: owner and permissions stay; a new one may be read by everybody.
[[nodiscard]] Result<void> replace_shared_file(const std::filesystem::path& file, std::string_view bytes);

/// A file in memory, read only, as it was when it was mapped; its pages come from the disk when they are first read.
/// Whoever writes such a file puts a new one in its place and never changes it.
struct MappedFile {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};
/// Errors: not_found, denied.
[[nodiscard]] Result<MappedFile> map_file(const std::filesystem::path& file);

/// A password or key that is kept in a file: it must belong to root or to this account, and nobody else may read it.
/// Blocks. Errors: denied, with a sentence that names the file and what to do about it.
[[nodiscard]] Result<std::string> read_secret_file(const std::filesystem::path& file, std::size_t most);

/// Does a person read standard error as it is written?
[[nodiscard]] bool errors_go_to_a_terminal();

/// Does a person type what standard input gives?
[[nodiscard]] bool input_is_a_terminal();

/// One line of standard input, without its end; nothing of it is shown. Blocks.
///
/// prompt   shown where a person types.
/// Errors   denied, also for a terminal that would show it; too_large above 4 KiB; refused when the person broke off.
[[nodiscard]] Result<std::string> read_secret_line(std::string_view prompt);

/// Puts a short text on a person's desktop. Nothing happens when they have none, or when the system does not let this
/// process speak to it. Blocks for the look-up of the account and the start of a program, not for what becomes of it.
///
/// account       its name.
/// title, text   plain; one line each.
void show_on_desktop(const std::string& account, const std::string& title, const std::string& text);

/// Is an idle connection still usable? False when the peer has closed it or sent bytes nobody asked for.
[[nodiscard]] bool is_quiet_and_open(int socket_descriptor);

}  // namespace fairlead::agent::platform
