#pragma once
#include <cstddef>
#include <list>
#include <vector>

namespace evenkeel {

// An array of zeros for the time of a call. The thread keeps its memory for the next one: a program that has run once
// allocates nothing when it runs again.
template <typename T>
class Scratch {
 public:
  explicit Scratch(std::size_t size) {
    if (spare().empty()) spare().emplace_front();
    own_.splice(own_.begin(), spare(), spare().begin());
    elements().assign(size, T{});
  }

  ~Scratch() { spare().splice(spare().begin(), own_); }

  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  T* data() { return elements().data(); }
  std::size_t size() { return elements().size(); }
  T& operator[](std::size_t i) { return elements()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size(); }

 private:
  // A list, out of which memory can be taken and put back without memory.
  using Arrays = std::list<std::vector<T>>;

  static Arrays& spare() {
    static thread_local Arrays arrays;
    return arrays;
  }

  std::vector<T>& elements() { return own_.front(); }

  Arrays own_;
};

}  // namespace evenkeel
