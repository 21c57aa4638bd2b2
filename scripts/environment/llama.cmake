# Read by CMake right after llama-cpp-python's project(llama_cpp), through CMAKE_PROJECT_llama_cpp_INCLUDE.
# llama-cpp-python forces llama.cpp's "common" library on through the cache, but neither it nor sightline loads it, and it
# is a quarter of the compile time. A normal variable, set here, goes before the cache entry of that name (CMP0126, CMP0077).
set(LLAMA_BUILD_COMMON OFF)

# Left out on processors that have it: AMX. llama.cpp lays out the tiles in a table on the stack, and GCC's _tile_loadconfig
# (amxtileintrin.h, up to 12 at least) says that it reads its first eight bytes only, so that the optimiser drops the rest; the
# first product of two matrices then ends in SIGILL. Upstream's repair is github.com/ggml-org/llama.cpp/pull/26954.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-mno-amx-tile SIGHTLINE_KNOWS_AMX)
if(SIGHTLINE_KNOWS_AMX)
  add_compile_options("$<$<COMPILE_LANGUAGE:C,CXX>:-mno-amx-tile;-mno-amx-int8;-mno-amx-bf16>")
endif()
