# Read by CMake right after llama-cpp-python's project(llama_cpp), through CMAKE_PROJECT_llama_cpp_INCLUDE.
# llama-cpp-python forces llama.cpp's "common" library on through the cache, but neither it nor sightline loads it, and it
# is a quarter of the compile time. A normal variable, set here, goes before the cache entry of that name (CMP0126, CMP0077).
set(LLAMA_BUILD_COMMON OFF)
