# Finds d3-flame-graph (https://github.com/spiermar/d3-flame-graph) and the parts of D3 that it uses, each as one minified
# file with its licence, as npm installs them from report/html/package-lock.json: in build/flame-graph, where
# harness/setup.sh puts them, or wherever D3FlameGraph_ROOT says. Sets D3FlameGraph_LIBRARY, the files in the order in
# which a page has to have them, D3FlameGraph_LICENCES and D3FlameGraph_VERSION.
find_path(D3FlameGraph_MODULES NAMES d3-flame-graph/package.json
  PATHS ${PROJECT_SOURCE_DIR}/build/flame-graph
  PATH_SUFFIXES node_modules
  NO_DEFAULT_PATH)
mark_as_advanced(D3FlameGraph_MODULES)

set(D3FlameGraph_LIBRARY "")
set(D3FlameGraph_LICENCES "")
if(D3FlameGraph_MODULES)
  # Each after those that it is made of.
  set(d3_modules array color dispatch ease format hierarchy interpolate selection time time-format timer scale transition)
  foreach(module IN LISTS d3_modules)
    list(APPEND D3FlameGraph_LIBRARY ${D3FlameGraph_MODULES}/d3-${module}/dist/d3-${module}.min.js)
  endforeach()
  list(APPEND D3FlameGraph_LIBRARY ${D3FlameGraph_MODULES}/d3-flame-graph/dist/d3-flamegraph.umd.min.js)
  # Of D3 all have the first one's text, d3-ease with that of the equations it took over; internmap is in d3-array.
  set(D3FlameGraph_LICENCES ${D3FlameGraph_MODULES}/d3-flame-graph/LICENSE ${D3FlameGraph_MODULES}/d3-array/LICENSE
      ${D3FlameGraph_MODULES}/d3-ease/LICENSE ${D3FlameGraph_MODULES}/internmap/LICENSE)
  foreach(file IN LISTS D3FlameGraph_LIBRARY D3FlameGraph_LICENCES)
    if(NOT EXISTS ${file})
      message(STATUS "d3-flame-graph: there is no ${file}")
      set(D3FlameGraph_LIBRARY "")
    endif()
  endforeach()
  file(READ ${D3FlameGraph_MODULES}/d3-flame-graph/package.json d3_flame_graph_package)
  string(JSON D3FlameGraph_VERSION GET ${d3_flame_graph_package} version)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(D3FlameGraph
  REQUIRED_VARS D3FlameGraph_LIBRARY D3FlameGraph_LICENCES
  VERSION_VAR D3FlameGraph_VERSION
  REASON_FAILURE_MESSAGE "npm has it (make -f Makefile.perf setup-build fetches it)")
