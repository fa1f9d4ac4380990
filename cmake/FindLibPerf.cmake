# Finds libperf, the kernel's library over perf_event_open(2), and defines LibPerf::libperf.
#
# A distribution that ships it is asked through pkg-config (Fedora: libperf-devel). Debian ships only its source, inside
# the kernel's (linux-source-*): then it is built here, once a kernel version, and kept in the user's cache directory so
# that a new build tree need not unpack a kernel again. LIBPERF_CACHE_DIR moves that cache.

include(FindPackageHandleStandardArgs)
include(${CMAKE_CURRENT_LIST_DIR}/BuildLibPerf.cmake)

# Sets <variable> to the archive of the newest kernel source on the machine, or to "".
function(find_kernel_source variable)
  file(GLOB archives /usr/src/linux-source-*.tar.xz)
  list(SORT archives COMPARE NATURAL ORDER DESCENDING)
  list(APPEND archives "")
  list(GET archives 0 newest)
  set(${variable} "${newest}" PARENT_SCOPE)
endfunction()

# Sets <variable> to the directory that holds, or will hold, libperf built from <archive>. Its name changes with the
# archive and with the processor.
function(libperf_prefix variable archive)
  set(cache "$ENV{XDG_CACHE_HOME}")
  if(cache STREQUAL "" AND NOT "$ENV{HOME}" STREQUAL "")
    set(cache "$ENV{HOME}/.cache")
  endif()
  if(cache STREQUAL "")
    set(cache "${PROJECT_BINARY_DIR}")
  endif()
  set(LIBPERF_CACHE_DIR "${cache}/sockscope" CACHE PATH "Where a libperf built from kernel source is kept")

  file(SIZE ${archive} size)
  file(TIMESTAMP ${archive} time UTC)
  string(SHA256 identity "${archive} ${size} ${time}")
  string(SUBSTRING ${identity} 0 12 identity)
  string(REGEX MATCH "linux-source-[0-9.]+[0-9]" version ${archive})
  set(${variable} "${LIBPERF_CACHE_DIR}/libperf-${version}-${CMAKE_SYSTEM_PROCESSOR}-${identity}" PARENT_SCOPE)
endfunction()

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(libperf QUIET IMPORTED_TARGET libperf)
endif()

if(libperf_FOUND)
  set(LibPerf_FROM "the distribution, version ${libperf_VERSION}")
else()
  find_kernel_source(archive)
  if(archive)
    libperf_prefix(prefix ${archive})
    if(NOT EXISTS ${prefix}/lib/libperf.a)
      message(STATUS "Building libperf from ${archive} (a quarter of a minute, once)")
      build_libperf(${archive} ${prefix})
    endif()
    set(LibPerf_FROM ${prefix})
  endif()
endif()

find_package_handle_standard_args(LibPerf
  REQUIRED_VARS LibPerf_FROM
  REASON_FAILURE_MESSAGE "Install libperf's development package, or the kernel source it is built from (Debian: linux-source-6.1).")

if(LibPerf_FOUND AND NOT TARGET LibPerf::libperf)
  add_library(LibPerf::libperf INTERFACE IMPORTED)
  if(libperf_FOUND)
    target_link_libraries(LibPerf::libperf INTERFACE PkgConfig::libperf)
  else()
    target_include_directories(LibPerf::libperf SYSTEM INTERFACE ${prefix}/include)
    target_link_libraries(LibPerf::libperf INTERFACE ${prefix}/lib/libperf.a ${prefix}/lib/libapi.a)
  endif()
endif()
