# R's side of benches/peers: means by domain. Reads a line `task map draws`, answers `seconds fixed peak_mb check`.
suppressPackageStartupMessages(library(survey))
folder <- commandArgs(TRUE)[1]
input <- file("stdin")
line <- strsplit(readLines(input, n = 1), " ")[[1]]
close(input)
data <- read.csv(file.path(folder, paste0(line[2], ".csv")))
started <- proc.time()[[3]]
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = data)
means <- svyby(~value, ~domain, design, svymean)
seconds <- proc.time()[[3]] - started
status <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
peak <- as.numeric(gsub("[^0-9]", "", status)) %/% 1024
cat(sprintf("%.6f %.6f %d %.12e\n", seconds, seconds, as.integer(peak), sum(SE(means))))
