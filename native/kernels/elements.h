#pragma once
#include <type_traits>

#include "kernels/buffer.h"

// Kernels over arrays whose types are known when they are called.
namespace evenkeel {

// Calls body(y, x...) with the views themselves, which must all hold elements of the type of y's.
template <typename Outputs, typename Body, typename... Inputs>
void ofOneType(const Checks& checks, const Outputs& y, const Body& body, const Inputs&... x) {
  const auto call = [&](auto output) {
    using View = std::span<const typename decltype(output)::element_type>;
    (void(std::holds_alternative<View>(x) || (checks.failType("an input"), false)), ...);
    body(output, std::get<View>(x)...);
  };
  std::visit(call, y);
}

// Whether every number of one type is one of the other too; but for int32 and doubles, which may be rounded to a float.
template <typename To, typename From>
constexpr bool kHolds = std::is_floating_point_v<To> || std::is_same_v<To, From> ||
                        (std::is_same_v<To, std::int32_t> && std::is_same_v<From, std::uint8_t>);

// Calls body(y, x) with the views themselves. y must be of a type that holds what x does.
template <typename Body>
void asConverted(const Checks& checks, const OutElements& y, const InElements& x, const Body& body) {
  const auto call = [&](auto to, auto from) {
    using To = std::remove_const_t<typename decltype(to)::element_type>;
    using From = std::remove_const_t<typename decltype(from)::element_type>;
    if constexpr (kHolds<To, From>) {
      body(to, from);
    } else {
      checks.failType("x");
    }
  };
  std::visit(call, y, x);
}

}  // namespace evenkeel
