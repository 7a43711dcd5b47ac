// What every test needs as well as precompiled.h.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
