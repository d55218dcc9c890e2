#pragma once
// The pieces of Boost.Asio that agent/net uses, with one executor type: a single event-loop thread runs all of it, so
// no strands and no type-erased executors on the hot path.

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fairlead::agent::net {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using ErrorCode = boost::system::error_code;

template <class T>
using Task = asio::awaitable<T, Executor>;

/// Completion by co_await with the error as a value.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

// GCC 12 destroys some temporaries of a co_await twice: whoever calls these names the function object first and moves
// it.

/// Runs `work()` on a worker thread and resumes on the event loop with its result.
template <class Work>
Task<std::invoke_result_t<Work>> run_on(asio::thread_pool& pool, Work work) {
  using Value = std::invoke_result_t<Work>;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Value)>(
      [&pool](auto handler, Work job) {
        asio::post(pool, [handler = std::move(handler), job = std::move(job)]() mutable {
          Value value = job();
          auto executor = asio::get_associated_executor(handler);
          asio::post(executor, [handler = std::move(handler), value = std::move(value)]() mutable {
            std::move(handler)(std::move(value));
          });
        });
      },
      asio::use_awaitable_t<Executor>{}, std::move(work));
}

/// Waits for a callback that may come on any thread: `start` is given a function to call once with the value.
template <class Value, class Start>
Task<Value> await_callback(asio::io_context& context, Start start) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Value)>(
      [&context](auto handler, Start begin) {
        // std::function wants something that can be copied; the handler cannot be.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        begin([shared, &context](Value value) {
          asio::post(context, [shared, value = std::move(value)]() mutable { std::move (*shared)(std::move(value)); });
        });
      },
      asio::use_awaitable_t<Executor>{}, std::move(start));
}

}  // namespace fairlead::agent::net
