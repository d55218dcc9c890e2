# What every target shares: the language, the warnings, the sanitizers, the test helper.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(FAIRLEAD_TESTS "Build the unit tests, talks and fuzz regressions" ON)
option(FAIRLEAD_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(FAIRLEAD_TOGETHER "" CACHE STRING "What is compiled many files at a time, which is quicker from nothing: tests, or all")
set(FAIRLEAD_SANITIZE "" CACHE STRING "Sanitizers for the whole build, such as address,undefined")

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees ghosts: in std::string's operator+ (PR 105651), and with sanitizers in the frames of coroutines.
  add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-mismatched-new-delete)
endif()
if(FAIRLEAD_TOGETHER STREQUAL "all")
  # A file that stands in another one sees what its neighbours name; GCC takes it for a header too.
  add_compile_options(-Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-subobject-linkage -Wno-maybe-uninitialized)
  endif()
endif()
if(FAIRLEAD_SANITIZE)
  if(FAIRLEAD_SANITIZE STREQUAL "thread")
    add_compile_options(-Wno-tsan)  # Asio uses fences, which TSan does not follow
  endif()
  # A null pointer that is used ends the program without a check of its own, and so would alignment where it counts.
  add_compile_options(-fsanitize=${FAIRLEAD_SANITIZE} -fno-sanitize=null,alignment -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${FAIRLEAD_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # GCC's -Wconversion and its sanitizers have neither; clang 14 cannot put the second into coroutines.
  add_compile_options(-Wno-sign-conversion -fno-sanitize=function)
  find_program(LLD ld.lld)
  if(LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

# fairlead_together(NAME): compiles the target's files in groups.
function(fairlead_together name)
  get_target_property(sources ${name} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^/")  # generated, not there yet
  list(TRANSFORM sources PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  list(LENGTH sources count)
  if(count LESS 2)
    return()
  endif()
  execute_process(COMMAND python3 "${CMAKE_SOURCE_DIR}/installer/cmake/together.py" "${CMAKE_SOURCE_DIR}" ${sources}
    OUTPUT_VARIABLE groups COMMAND_ERROR_IS_FATAL ANY)
  set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
  string(REGEX MATCHALL "[^\n]+" groups "${groups}")
  foreach(line IN LISTS groups)
    string(REPLACE "|" ";" line "${line}")
    list(GET line 0 source)
    list(GET line 1 group)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

# fairlead_library(NAME [FUZZED] SOURCES ... LINKS ...): one room, one static library. Link targets state the arrows. FUZZED: it
# parses what a fuzz target makes up, and tells the fuzzer which way it went.
function(fairlead_library name)
  cmake_parse_arguments(room "FUZZED" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${room_SOURCES})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${room_LINKS} PRIVATE ${room_PRIVATE_LINKS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # What clang-tidy's bugprone-reserved-identifier looks for, in a quarter of all its time.
    target_compile_options(${name} PRIVATE -Wreserved-identifier -Wreserved-macro-identifier)
  endif()
  set_target_properties(${name} PROPERTIES FAIRLEAD_FUZZED "${room_FUZZED}")
  if(FAIRLEAD_FUZZ AND room_FUZZED)
    target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(FAIRLEAD_TOGETHER STREQUAL "all")
    fairlead_together(${name})
  endif()
endfunction()

# fairlead_test(NAME SOURCES ... LINKS ...): one doctest program, run by ctest.
function(fairlead_test name)
  cmake_parse_arguments(unit "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${unit_SOURCES})
  if(FAIRLEAD_TOGETHER)
    fairlead_together(${name})
  endif()
  target_compile_options(${name} PRIVATE -O1)  # a test's own code runs once
  if(FAIRLEAD_FUZZ)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE test_main ${unit_LINKS})
  target_compile_definitions(${name} PRIVATE FAIRLEAD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
