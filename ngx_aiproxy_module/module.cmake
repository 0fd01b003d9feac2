# nginx's module, compiled by CMake rather than by nginx's make: C++20 and
# hidden symbols need flags that nginx's build would hand to its C files too.

set(NGX_BUILD ${NGINX_BUILD_DIR})
if(NOT NGX_BUILD)
    # Only the generated headers are wanted: the folder is configured once.
    set(NGX_BUILD ${CMAKE_BINARY_DIR}/nginx)
    if(NOT EXISTS ${NGX_BUILD}/ngx_auto_config.h)
        execute_process(
            COMMAND bash -c
                ". ./conf_flags && ./configure \"\${NGX_CONF_FLAGS[@]}\" --builddir='${NGX_BUILD}' >&2"
            WORKING_DIRECTORY ${NGINX_SOURCE_DIR}
            OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE failed)
        if(failed)
            message(FATAL_ERROR
                "cannot configure nginx in ${NGINX_SOURCE_DIR}: is Debian's "
                "package nginx-dev installed? Else set NGINX_SOURCE_DIR and "
                "NGINX_BUILD_DIR.")
        endif()
    endif()
endif()

# In the order of a request; the same order as in ngx_http_aiproxy.h and in
# README.md.
add_library(ngx_aiproxy_module MODULE
    ngx_aiproxy_module/ngx_modules.c
    ngx_aiproxy_module/ngx_http_aiproxy_module.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_conf.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_route.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_credential.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_access.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_body.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_limit.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_candidates.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_use.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_quota.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_quota_more.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_headroom.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_park.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_refresh.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_balancer.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_wait.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_keepalive.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_request.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_response.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_header.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_opening.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_verdict.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_stream.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_prompt.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_drain.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_socket.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_cors.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_error.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_log.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_payload.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_secret.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_worker.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_snapshot.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_state.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_ledger.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_spool.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_event.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_redis.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_redis_call.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_redis_limit.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_redis_more.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_variables.cpp
    ngx_aiproxy_module/ngx_http_aiproxy_status.cpp)
set_target_properties(ngx_aiproxy_module PROPERTIES PREFIX "")
add_dependencies(ngx_aiproxy_module schemas)
set(NGX_INCLUDES ${NGX_BUILD})
foreach(folder core event event/modules os/unix http http/modules http/v2)
    if(EXISTS ${NGINX_SOURCE_DIR}/src/${folder})
        list(APPEND NGX_INCLUDES ${NGINX_SOURCE_DIR}/src/${folder})
    endif()
endforeach()
target_include_directories(ngx_aiproxy_module SYSTEM PRIVATE ${NGX_INCLUDES})
# A callback takes what nginx gives it, needed or not.
target_compile_options(ngx_aiproxy_module PRIVATE -Wno-unused-parameter
    ${AIPROXY_DENSE_CODE}
    $<$<COMPILE_LANGUAGE:CXX>:-fvisibility=hidden;-fno-gnu-unique>)
target_link_options(ngx_aiproxy_module PRIVATE
    -Wl,--version-script=${CMAKE_SOURCE_DIR}/ngx_aiproxy_module/exports.map)
set_target_properties(ngx_aiproxy_module PROPERTIES LINK_DEPENDS
    ${CMAKE_SOURCE_DIR}/ngx_aiproxy_module/exports.map)
target_link_libraries(ngx_aiproxy_module PRIVATE aiproxy_core OpenSSL::SSL
    hiredis)
