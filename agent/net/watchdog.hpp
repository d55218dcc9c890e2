#pragma once
// Deadlines for every wait of every connection: one timer a second looks through them, so that setting a deadline costs
// a store and no timer object. Event-loop thread only.

#include <chrono>

#include "agent/net/asio.hpp"

namespace fairlead::agent::net {

/// The time limits of a request's life.
struct Limits {
  static constexpr std::chrono::seconds head{30};        // a request head, from its first byte
  static constexpr std::chrono::seconds idle{60};        // a kept connection between requests; a body that stands still
  static constexpr std::chrono::seconds connect{10};     // all addresses of an origin together
  static constexpr std::chrono::seconds lookup{10};      // a name
  static constexpr std::chrono::seconds first_byte{60};  // from the request sent to the answer begun
  // A tunnel carries push channels that are silent for minutes; browsers keep them open on purpose.
  static constexpr std::chrono::minutes tunnel{15};
  static constexpr std::chrono::seconds linger{2};  // for the client to read a last answer
};

class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  /// Something that can be interrupted; lives in the watchdog's list for its whole life.
  class Watched {
   public:
    explicit Watched(Watchdog& watchdog);
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;

   protected:
    ~Watched();
    /// One may wait to read while another waits to write: each has a deadline of its own.
    enum Wait : std::uint8_t { to_read, to_write };
    /// Called when a deadline has passed, or when everything ends; must make pending waits return.
    virtual void interrupt() = 0;
    void watch_until(Wait wait, Clock::time_point deadline) {
      deadlines_[wait] = deadline;
      passed_[wait] = false;
    }
    void unwatch(Wait wait) { deadlines_[wait] = Clock::time_point::max(); }
    /// Has the deadline set last passed?
    [[nodiscard]] bool passed(Wait wait) const { return passed_[wait]; }
    [[nodiscard]] bool ending() const { return watchdog_.ending_; }

   private:
    friend class Watchdog;
    Watchdog& watchdog_;
    Watched* previous_ = nullptr;
    Watched* next_ = nullptr;
    Clock::time_point deadlines_[2] = {Clock::time_point::max(), Clock::time_point::max()};
    bool passed_[2] = {false, false};
  };

  explicit Watchdog(asio::io_context& context) : timer_(context) {}
  /// Interrupts every wait, now and from now on.
  void end_all();
  [[nodiscard]] std::size_t watched() const { return count_; }

 private:
  void tick();
  void schedule();

  Timer timer_;
  Watched* first_ = nullptr;
  std::size_t count_ = 0;
  bool ticking_ = false;
  bool ending_ = false;
};

}  // namespace fairlead::agent::net
