# embed_texts(<target> HEADER <header> NAMESPACE <namespace> <name> <file>... [<name> <file>...]...)
#
# Adds a source to the target, written into the build tree, that defines each <name> (which begins with k and a capital)
# as a std::string_view of its files' bytes, one after another. It is written anew when one of them changes.
#
# Run as a script it is what writes that source.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(EMBED_TEXTS_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  function(embed_texts target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;NAMESPACE" "")
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${target}_texts.cc)
    set(files ${arg_UNPARSED_ARGUMENTS})
    list(FILTER files EXCLUDE REGEX "^k[A-Z][A-Za-z]*$")
    add_custom_command(
      OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${source}" "-DHEADER=${arg_HEADER}" "-DNAMESPACE=${arg_NAMESPACE}"
              "-DTEXTS=${arg_UNPARSED_ARGUMENTS}" -P ${EMBED_TEXTS_SCRIPT}
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
      DEPENDS ${files} ${EMBED_TEXTS_SCRIPT}
      VERBATIM)
    target_sources(${target} PRIVATE ${source})
  endfunction()
  return()
endif()

# A string literal in lines of 1000 bytes: compilers take one of any length, but not a line.
function(literal_of hex out)
  string(LENGTH "${hex}" length)
  set(lines "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${hex}" ${at} 2000 line)
    string(REGEX REPLACE "(..)" "\\\\x\\1" line "${line}")
    string(APPEND lines "\n    \"${line}\"")
    math(EXPR at "${at} + 2000")
  endwhile()
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

set(content "#include \"${HEADER}\"\n\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\nnamespace ${NAMESPACE} {\n")
set(name "")
set(hex "")
foreach(word IN LISTS TEXTS ITEMS kEnd)
  if(NOT word MATCHES "^k[A-Z][A-Za-z]*$")
    file(READ ${word} bytes HEX)
    string(APPEND hex ${bytes})
    continue()
  endif()
  if(name)
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    literal_of("${hex}" literal)
    string(APPEND content "const std::string_view ${name}(${literal},\n    ${size});\n")
  endif()
  set(name ${word})
  set(hex "")
endforeach()
file(WRITE ${OUTPUT} "${content}}  // namespace ${NAMESPACE}\n")
