# Builds libperf from the kernel sources that the distribution packages (Debian: linux-source-*).

# Every one of these is read by the kernel's own makefile for tools/lib/perf; the rest of the kernel (1.3 GB) is not.
set(LIBPERF_SOURCE_PARTS
    tools/lib/perf tools/lib/api "tools/lib/*.c" tools/include tools/build tools/scripts tools/arch)

# libperf_run(<purpose> <command>...): runs a command and stops the configuration with its output if it fails.
function(libperf_run purpose)
  # A make further up must not hand its job server or its flags to the kernel's makefile.
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS --unset=MFLAGS --unset=MAKELEVEL ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "libperf: cannot ${purpose} (status ${status}):\n${output}")
  endif()
endfunction()

# build_libperf(<archive> <prefix>)
#
# Leaves <prefix>/lib/{libperf,libapi}.a and <prefix>/include/perf/*.h. Works beside <prefix> and renames at the end, so
# that an interrupted or a parallel build never leaves half a library there.
function(build_libperf archive prefix)
  string(RANDOM LENGTH 8 suffix)
  set(work ${prefix}.${suffix})
  file(MAKE_DIRECTORY ${work}/source ${work}/out/lib)

  list(TRANSFORM LIBPERF_SOURCE_PARTS PREPEND "*/" OUTPUT_VARIABLE parts)
  libperf_run("unpack ${archive}"
    tar -xf ${archive} -C ${work}/source --strip-components=1 --wildcards --no-wildcards-match-slash ${parts})

  # The compiler that builds the project may know warnings which the kernel's authors did not: not our business here.
  set(make make -C ${work}/source/tools/lib/perf CC=${CMAKE_C_COMPILER} EXTRA_CFLAGS=-Wno-error)
  libperf_run("compile" ${make} libperf.a ${work}/source/tools/lib/api/libapi.a)
  libperf_run("install the headers" ${make} install_headers prefix=${work}/out)

  file(COPY ${work}/source/tools/lib/perf/libperf.a ${work}/source/tools/lib/api/libapi.a DESTINATION ${work}/out/lib)
  file(RENAME ${work}/out ${prefix} RESULT renamed)
  file(REMOVE_RECURSE ${work})
  if(NOT renamed EQUAL 0 AND NOT EXISTS ${prefix}/lib/libperf.a)
    message(FATAL_ERROR "libperf: cannot create ${prefix}: ${renamed}")
  endif()
endfunction()
