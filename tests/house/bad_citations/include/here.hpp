// SPDX-License-Identifier: MIT
// See docs/page.md and gone_comment.hpp.
