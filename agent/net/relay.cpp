#include "agent/net/relay.hpp"

#include <algorithm>

namespace fairlead::agent::net {
namespace {

using BodyKind = http::Framing::Kind;

constexpr std::size_t kSmallRead = std::size_t{16} * 1024;
constexpr std::size_t kLargeRead = std::size_t{256} * 1024;  // once a body has shown that it is long
constexpr std::uint64_t kLongBody = std::uint64_t{256} * 1024;
constexpr std::size_t kSmallPiece = std::size_t{4} * 1024;  // chunks below are gathered into one write

/// The sink's end: adds the outgoing framing.
class BodySink {
 public:
  BodySink(Stream& to, http::Framing framing, std::string_view head)
      : to_(to), chunked_(framing.kind == BodyKind::chunked), front_(head) {}

  Task<Result<void>> write(std::string_view data) {
    std::string_view tail;
    if (chunked_) {
      char digits[20];
      front_ += http::chunk_head(data.size(), digits);
      tail = "\r\n";
    }
    auto written = co_await to_.write(front_, data, tail, Limits::idle);
    front_.clear();
    co_return written;
  }

  /// Sends what is held back: before a wait, since the other side may be waiting for it (Expect: 100-continue, a stream
  /// of events that has not begun).
  Task<Result<void>> flush() {
    if (front_.empty()) co_return Result<void>();
    auto written = co_await to_.write(front_, {}, {}, Limits::idle);
    front_.clear();
    co_return written;
  }

  Task<Result<void>> finish() {
    if (chunked_) front_ += http::kLastChunk;
    co_return co_await flush();
  }

 private:
  Stream& to_;
  bool chunked_;
  std::string front_;
};

/// The source's end: more bytes into the inbox. Returns false at the end of the stream.
class BodySource {
 public:
  BodySource(Stream& from, Buffer& inbox, BodySink& sink) : from_(from), inbox_(inbox), sink_(sink) {}

  Task<Result<bool>> more() {
    auto flushed = co_await sink_.flush();
    if (!flushed) co_return tl::unexpected(std::move(flushed).error());
    const std::size_t room = read_ > kLongBody ? kLargeRead : kSmallRead;
    auto size = co_await from_.read_some(inbox_.prepare(room), Limits::idle);
    if (!size) co_return tl::unexpected(std::move(size).error());
    inbox_.commit(*size);
    read_ += *size;
    co_return *size > 0;
  }

 private:
  Stream& from_;
  Buffer& inbox_;
  BodySink& sink_;
  std::uint64_t read_ = 0;
};

Error cut_short(Side side) { return Error{Errc::closed, side, "the body was cut short"}; }

Task<Result<void>> relay_length(BodySource& source, Buffer& inbox, std::uint64_t left, BodySink& sink, Side side) {
  while (left > 0) {
    if (inbox.empty()) {
      const auto more = co_await source.more();
      if (!more) co_return tl::unexpected(more.error());
      if (!*more) co_return tl::unexpected(cut_short(side));
    }
    const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(left, inbox.size()));
    auto written = co_await sink.write(inbox.view().substr(0, piece));
    if (!written) co_return written;
    inbox.consume(piece);
    left -= piece;
  }
  co_return Result<void>();
}

Task<Result<void>> relay_until_close(BodySource& source, Buffer& inbox, BodySink& sink) {
  for (;;) {
    if (!inbox.empty()) {
      auto written = co_await sink.write(inbox.view());
      if (!written) co_return written;
      inbox.consume(inbox.size());
    }
    const auto more = co_await source.more();
    if (!more) co_return tl::unexpected(more.error());
    if (!*more) co_return Result<void>();
  }
}

Task<Result<void>> relay_chunked(BodySource& source, Buffer& inbox, BodySink& sink, Side side) {
  http::ChunkedDecoder decoder;
  std::string gathered;
  for (;;) {
    bool done = false;
    while (!done && !inbox.empty()) {
      const auto step = decoder.next(inbox.view());
      if (!step) co_return fail(step.error().code, side, step.error().context);
      done = step->done;
      if (step->data.size() >= kSmallPiece && gathered.empty()) {
        auto written = co_await sink.write(step->data);
        if (!written) co_return written;
      } else {
        gathered += step->data;
      }
      inbox.consume(step->consumed);
    }
    if (!gathered.empty()) {
      auto written = co_await sink.write(gathered);
      if (!written) co_return written;
      gathered.clear();
    }
    if (done) co_return Result<void>();
    const auto more = co_await source.more();
    if (!more) co_return tl::unexpected(more.error());
    if (!*more) co_return tl::unexpected(cut_short(side));
  }
}

}  // namespace

Task<Result<void>> relay_body(Stream& from, Buffer& inbox, http::Framing incoming, Stream& to, http::Framing outgoing,
                              std::string_view head) {
  BodySink sink(to, outgoing, head);
  BodySource source(from, inbox, sink);
  Result<void> relayed;
  switch (incoming.kind) {
    case BodyKind::none:
      break;
    case BodyKind::length:
      relayed = co_await relay_length(source, inbox, incoming.length, sink, from.side());
      break;
    case BodyKind::chunked:
      relayed = co_await relay_chunked(source, inbox, sink, from.side());
      break;
    case BodyKind::until_close:
      relayed = co_await relay_until_close(source, inbox, sink);
      break;
  }
  if (!relayed) co_return relayed;
  co_return co_await sink.finish();
}

}  // namespace fairlead::agent::net
