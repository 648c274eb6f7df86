#include "replay/program.h"

#include <algorithm>

namespace evenkeel {
namespace {

void checkFeeds(const char* name, std::span<const Feed> feeds, size_t times) {
  const Checks checks("runProgram");
  for (const Feed& feed : feeds) checks.length(name, feed.all, {{"steps", times}, {"slot", feed.slot.size()}});
}

std::span<std::byte> part(const Feed& feed, size_t time) {
  return feed.all.subspan(time * feed.slot.size(), feed.slot.size());
}

}  // namespace

void Program::run(size_t times, std::span<const Feed> inputs, std::span<const Feed> outputs) const {
  checkFeeds("inputs", inputs, times);
  checkFeeds("outputs", outputs, times);
  for (size_t time = 0; time < times; ++time) {
    for (const Feed& feed : inputs) std::ranges::copy(part(feed, time), feed.slot.begin());
    for (const auto& step : steps_) step->run();
    for (const Feed& feed : outputs) std::ranges::copy(feed.slot, part(feed, time).begin());
  }
}

}  // namespace evenkeel
