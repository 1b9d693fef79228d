#pragma once
#include "orientation.h"
#include "skeleton.h"

namespace limen {

// Undoes what noise did to the lines: islands and spurs go, gaps close, bridges and lakes open.
void repair(Bits& skeleton, const Orientation& orientation);

}  // namespace limen
