/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/generate/drums.h"
