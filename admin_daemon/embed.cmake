# aiproxy_embed(target) compiles the bytes of the daemon's data files into the
# target, so that the binary needs none of them beside it. Names are paths from
# the root of the tree; embedded.h reads them.

if(CMAKE_SCRIPT_MODE_FILE)
    string(REPLACE "," ";" FILES "${FILES}")
    set(rows "")
    string(REPLACE "," ";" FILES "${FILES}")
    foreach(name IN LISTS FILES)
        file(READ "${ROOT}/${name}" hex HEX)
        string(REGEX REPLACE "(................................)" "\\1\n"
               hex "${hex}")
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" hex "${hex}")
        string(REPLACE "\n" "\"\n    \"" hex "${hex}")
        string(APPEND rows
               "    {\"${name}\", std::string_view(\n    \"${hex}\"")
        file(SIZE "${ROOT}/${name}" bytes)
        string(APPEND rows ", ${bytes})},\n")
    endforeach()
    file(WRITE "${OUTPUT}" "// Made by admin_daemon/embed.cmake.

#include \"admin_daemon/embedded.h\"

namespace aiproxy::admin {
namespace {

constexpr EmbeddedFile kFiles[] = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> EmbeddedFiles() { return kFiles; }

}  // namespace aiproxy::admin
")
    return()
endif()

function(aiproxy_embed target)
    file(GLOB names CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
         ${CMAKE_SOURCE_DIR}/sql/*.sql)
    list(SORT names)
    list(APPEND names admin_daemon/openapi.json conf/prices.csv
         conf/providers.json)
    set(output ${CMAKE_BINARY_DIR}/generated/admin_daemon/embedded.cpp)
    set(script ${CMAKE_SOURCE_DIR}/admin_daemon/embed.cmake)
    list(TRANSFORM names PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
    string(REPLACE ";" "," list "${names}")
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} "-DFILES=${list}" -DROOT=${CMAKE_SOURCE_DIR}
                -DOUTPUT=${output} -P ${script}
        DEPENDS ${paths} ${script} VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
