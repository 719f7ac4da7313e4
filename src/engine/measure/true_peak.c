/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/measure/true_peak.h"
