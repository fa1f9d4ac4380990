# Finds Chart.js (https://www.chartjs.org) as one minified file, with its licence beside it: Debian's libjs-chart.js, or
# wherever ChartJs_ROOT says. Sets ChartJs_LIBRARY, ChartJs_LICENCE and ChartJs_VERSION.
find_file(ChartJs_LIBRARY NAMES chart.umd.js chart.min.js
  PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist
  PATH_SUFFIXES dist)
find_file(ChartJs_LICENCE NAMES copyright LICENSE.md
  PATHS /usr/share/doc/libjs-chart.js /usr/share/doc/node-chart.js)
mark_as_advanced(ChartJs_LIBRARY ChartJs_LICENCE)

if(ChartJs_LIBRARY)
  file(READ ${ChartJs_LIBRARY} ChartJs_head LIMIT 400)
  string(REGEX MATCH "Chart\\.js v([0-9.]+)" ignored "${ChartJs_head}")
  set(ChartJs_VERSION ${CMAKE_MATCH_1})
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ChartJs
  REQUIRED_VARS ChartJs_LIBRARY ChartJs_LICENCE
  VERSION_VAR ChartJs_VERSION
  REASON_FAILURE_MESSAGE "Debian has it in libjs-chart.js (make -f Makefile.perf setup-build installs it)")
