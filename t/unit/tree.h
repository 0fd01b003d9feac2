// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace aiproxy {

// Where the project's files are, without a slash behind.
std::string TreeFolder();

}  // namespace aiproxy
