#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr int kPipeBytes = 1024 * 1024;  // what an unprivileged process may ask for; fewer wake-ups a GiB
constexpr std::size_t kPooledPipes = 16;

// One event-loop thread moves bytes; the pool belongs to it.
struct PipePool {
  std::vector<std::pair<int, int>> free;
  ~PipePool() {
    for (const auto& [read_end, write_end] : free) {
      close(read_end);
      close(write_end);
    }
  }
};

PipePool& pool() {
  static thread_local PipePool instance;
  return instance;
}

bool take_pipe(int (&ends)[2]) {
  auto& free = pool().free;
  if (!free.empty()) {
    ends[0] = free.back().first;
    ends[1] = free.back().second;
    free.pop_back();
    return true;
  }
  if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0) return false;
  fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);  // a refusal leaves 64 KiB, which works too
  return true;
}

}  // namespace

KernelRelay::~KernelRelay() {
  if (held_ > 0) {  // bytes of a dead connection must never reach another
    close(pipe_[0]);
    close(pipe_[1]);
  } else {
    release();
  }
}

KernelRelay::KernelRelay(KernelRelay&& other) noexcept : held_(std::exchange(other.held_, 0)) {
  for (int i : {0, 1}) pipe_[i] = std::exchange(other.pipe_[i], -1);
}

void KernelRelay::release() {
  if (pipe_[0] < 0) return;
  if (pool().free.size() < kPooledPipes) {
    pool().free.emplace_back(pipe_[0], pipe_[1]);
  } else {
    close(pipe_[0]);
    close(pipe_[1]);
  }
  pipe_[0] = pipe_[1] = -1;
}

KernelRelay::Moved KernelRelay::move(int source, int sink, std::size_t limit, std::uint64_t& moved) {
  if (pipe_[0] < 0 && !take_pipe(pipe_)) return Moved::failed;
  constexpr unsigned kFlags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;
  for (std::size_t done = 0; done < limit;) {
    if (held_ == 0) {
      const ssize_t in = splice(source, nullptr, pipe_[1], nullptr, kPipeBytes, kFlags);
      if (in == 0) {
        release();
        return Moved::source_ended;
      }
      if (in < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return Moved::failed;
        release();
        return Moved::source_empty;
      }
      held_ = static_cast<std::size_t>(in);
    }
    const ssize_t out = splice(pipe_[0], nullptr, sink, nullptr, held_, kFlags);
    if (out < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? Moved::sink_full : Moved::failed;
    }
    held_ -= static_cast<std::size_t>(out);
    done += static_cast<std::size_t>(out);
    moved += static_cast<std::uint64_t>(out);
  }
  return Moved::some;
}

}  // namespace fairlead::agent::platform
