#pragma once
#include <cstddef>

// Every constant of the extractor and the matcher. Lengths are pixels at 500 dpi, angles radians, unless the name says.
namespace limen::parameters {

inline constexpr float kPi = 3.14159265358979f;

// What an image may be (before resampling).
inline constexpr int kMinSidePx = 32;
inline constexpr int kMaxSidePx = 1000;
inline constexpr int kMinDpi = 250;
inline constexpr int kMaxDpi = 1000;
inline constexpr int kWorkingDpi = 500;

// Blocks: the raster on which slow-changing properties (contrast, orientation, period) are kept.
inline constexpr int kBlock = 8;

// Signals are whole numbers, so that every instruction set comes to the same: this many parts of a deviation.
inline constexpr int kSignalUnit = 1024;

// Normalisation to zero mean and unit deviation; sigmas in blocks.
inline constexpr float kNormaliseSigma = 2.0f;
inline constexpr float kDeviationFloor = 3.0f;  // grey levels
inline constexpr float kNormaliseLimit = 2.5f;

// Segmentation.
inline constexpr float kContrastSigma = 1.0f;
inline constexpr float kContrastPercentile = 0.9f;
inline constexpr float kContrastShare = 0.3f;   // of that percentile
inline constexpr float kContrastFloor = 4.0f;   // grey levels
inline constexpr float kMinCoherence = 0.16f;
inline constexpr int kMinRegionBlocks = 36;

// Orientation; sigmas in blocks.
inline constexpr float kOrientationFineSigma = 1.3f;
inline constexpr float kOrientationCoarseSigma = 3.0f;
inline constexpr float kTrustedCoherence = 0.5f;

// How often the flow is measured again on the enhanced image, which then is enhanced anew.
inline constexpr int kFlowRounds = 2;

// Ridge period.
inline constexpr float kMinPeriod = 5.0f;
inline constexpr float kMaxPeriod = 16.0f;
inline constexpr float kUsualPeriod = 9.0f;
inline constexpr int kPeriodCandidates = 32;
inline constexpr int kSignatureLength = 40;
inline constexpr int kSignatureWidth = 20;
inline constexpr float kPeriodSigma = 3.0f;  // blocks

// Oriented filter bank.
inline constexpr int kFilterOrientations = 32;
inline constexpr int kFilterPeriods = 10;
inline constexpr int kFilterRadius = 8;
inline constexpr float kFilterAcross = 0.42f;  // sigma across the ridge, periods
inline constexpr float kFilterAlong = 0.52f;   // sigma along the ridge, periods

// Binarisation.
inline constexpr int kMinSpeckPx = 14;

// Skeleton repair.
inline constexpr int kSpurLength = 9;
inline constexpr int kIslandLength = 14;
inline constexpr int kBridgeLength = 12;
inline constexpr int kLakeLength = 18;
inline constexpr float kBridgeAngle = 0.8f;
inline constexpr int kGapLength = 12;
inline constexpr float kGapAngle = 0.6f;
inline constexpr int kTraceLength = 14;

// Minutiae.
inline constexpr int kBorderDistance = 14;
inline constexpr float kFacingDistance = 14.0f;
inline constexpr float kFacingAngle = 0.7f;
inline constexpr float kTwinDistance = 6.0f;
inline constexpr float kSnapAngle = 0.6f;
inline constexpr int kMaxMinutiae = 128;

// Cores and deltas; lengths in blocks.
inline constexpr float kSingularSigma = 1.0f;
inline constexpr int kSingularReach = 4;
inline constexpr float kSingularPairBlocks = 3.5f;
inline constexpr float kMinLikeness = 0.6f;  // 1 for the plain pattern, 0 for parallel ridges
inline constexpr std::size_t kMaxSingularities = 2;

// Quality.
inline constexpr float kClarityGain = 1.6f;
inline constexpr float kSquareMillimetre = (25.4f / kWorkingDpi) * (25.4f / kWorkingDpi);
inline constexpr float kUselessArea = 30.0f, kSmallArea = 100.0f, kAmpleArea = 130.0f;  // square millimetres
inline constexpr float kSoundMinutiae = 4.0f;      // the number that counts for 1 - 1/e
inline constexpr float kAmpleReliability = 0.75f;  // mean quality of minutiae, of 1
inline constexpr float kCleanValleys = 0.2f;       // unevenness of a clean print
inline constexpr float kMaxUnevenness = 3.0f;
inline constexpr float kPoorClarity = 0.4f, kSmudgedShare = 0.4f;
inline constexpr float kSmearedContrast = 0.24f;  // 10th percentile of the contrast of ridges, of the 90th
inline constexpr float kWetValleys = 0.3f, kWetRatio = 0.92f;
// Ridges broken by valleys that are not clean: where a sensor gives plain white, the ratio says nothing.
inline constexpr float kDryRidges = 0.5f, kDryValleys = 0.22f, kDryRatio = 1.9f;
inline constexpr float kOffCentre = 0.2f;  // of a side
inline constexpr int kPoorScore = 60;      // below it a cause is always named

// Ridge flow as kept in the template.
inline constexpr int kFlowSpacing = 24;
inline constexpr int kFlowLevels = 31;
inline constexpr std::size_t kFlowSteps = 4;  // from one sample to the next, where directions are looked up
inline constexpr int kMaxFlowSide = 128;
inline constexpr float kFlowReach = 40.0f;  // of one minutia, where a foreign record has no flow

// Local descriptor: ridge directions on circles about a minutia, relative to its own direction.
inline constexpr int kRings = 4;
inline constexpr float kRingRadius[kRings] = {20.0f, 38.0f, 56.0f, 76.0f};
inline constexpr int kRingSamples[kRings] = {8, 14, 18, 24};
inline constexpr int kSamples = 64;
inline constexpr int kMinCommonSamples = 24;
inline constexpr int kSampleTolerance = 40;  // of 256 for half a turn

// Candidate pairs and their mutual support.
inline constexpr int kMaxRotation = 48;    // 256ths of a turn
inline constexpr int kMinSurroundings = 115;  // of 255
inline constexpr int kCandidatesPerMinutia = 4;
inline constexpr int kMaxCandidates = 80;
inline constexpr float kEdgeLengthTolerance = 7.0f;
inline constexpr float kEdgeLengthShare = 0.08f;
inline constexpr float kEdgeAngleTolerance = 0.35f;
inline constexpr float kMinEdgeLength = 12.0f;
inline constexpr float kMaxEdgeLength = 220.0f;
inline constexpr int kSupportRounds = 3;
inline constexpr int kHypotheses = 4;
inline constexpr float kDirectionLever = 20.0f;

// Pairing under one alignment.
inline constexpr float kPairDistance = 15.0f;
inline constexpr float kPairAngle = 0.5f;
inline constexpr int kRefinements = 1;
inline constexpr int kOverlapStep = 20;
inline constexpr float kNearEdge = 80.0f;
inline constexpr float kEdgeUnit = 1024.0f;

// Evidence as logarithmic odds, plus ten: weights of a logistic regression (test/evaluate/finger-fit.ts says on what). One
// set for two templates that bring their ridge flow, one for where it had to be guessed from the minutiae.
inline constexpr float kMinMet = 2.0f;
inline constexpr float kSettled = 18.0f;  // a score that no other alignment need be tried against
struct Odds {
  float weight, overlap, overlap_square, alike, flow, edges, offset;
};
inline constexpr Odds kOddsRecordedFlow{12.09f, -1.41f, -1.19f, 24.81f, 7.76f, 3.95f, -27.20f};
inline constexpr Odds kOddsGuessedFlow{13.14f, 0.16f, -1.47f, -3.61f, 9.09f, 8.63f, -13.50f};

// First stage of a search: bit strings of a minutia's surroundings. Widths of the kernels whose random features they are
// (Rahimi and Recht 2007); shares and limits by recall on FVC2002 against drawn fingers (docs/fingerprint-search.md).
inline constexpr int kGallerySketches = 40;
inline constexpr int kSketchWords = 2;
inline constexpr int kSketchNeighbourBits = 96;
inline constexpr int kSketchFlowBits = 32;
inline constexpr int kSketchReach = 110;            // of neighbours
inline constexpr float kSketchPlaceSigma = 12.0f;
inline constexpr float kSketchAngleSigma = 0.6f;
inline constexpr float kSketchFlowSigma = 25.0f;
inline constexpr int kSketchMaxNeighbours = 60;
inline constexpr int kSketchMinNeighbours = 2;
inline constexpr int kSketchMinFlow = 8;            // samples known
inline constexpr int kSketchRings = 3;
inline constexpr int kSketchRingRadius[kSketchRings] = {24, 48, 76};
inline constexpr int kSketchRingSamples[kSketchRings] = {10, 16, 22};
inline constexpr int kSketchSamples = 48;
inline constexpr int kScanRotation = 49;            // 256ths of a turn
inline constexpr int kScanDistance = 58;            // bits apart, of 128, from which two surroundings have nothing in common

// The vote: best pairs that agree on a rotation and about distances.
inline constexpr int kVotePairs = 16;
inline constexpr int kRevotePairs = 48;
inline constexpr float kVoteLengthTolerance = 8.0f;
inline constexpr float kVoteLengthShare = 0.08f;

// What each stage hands on, of galleries of any size.
inline constexpr int kScanKept = 40000;
inline constexpr int kVoteKept = 10000;
inline constexpr int kRevoteKept = 1000;
// A finger that does not match speaks against its person by no more than the logarithm of how often mates fail.
inline constexpr float kMissOdds = -2.4f;
inline constexpr float kScoreOfNoOdds = 10.0f;

}  // namespace limen::parameters
