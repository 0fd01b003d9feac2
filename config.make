# nginx addon, after `config`: nginx's make calls CMake's.

cat << END                                                    >> $NGX_MAKEFILE

modules:	ngx_aiproxy_module

ngx_aiproxy_module:
	cmake --build $NGX_OBJS/aiproxy --target ngx_aiproxy_module
	cp $NGX_OBJS/aiproxy/ngx_aiproxy_module.so $NGX_OBJS/

.PHONY:	ngx_aiproxy_module

END
