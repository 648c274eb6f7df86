#pragma once

// Included in every source of a prebuilt binary. glibc 2.29 gave these functions new versions that no longer report
// errors by way of matherr(); the linker takes the older ones instead, which compute the same, so that the binary loads
// on glibc 2.28, as Node.js does.
#if defined(__x86_64__)
#define EVENKEEL_OLDER(function) __asm__(".symver " #function ", " #function "@GLIBC_2.2.5")
#elif defined(__aarch64__)
#define EVENKEEL_OLDER(function) __asm__(".symver " #function ", " #function "@GLIBC_2.17")
#endif

EVENKEEL_OLDER(exp);
EVENKEEL_OLDER(log);
EVENKEEL_OLDER(pow);

#undef EVENKEEL_OLDER
