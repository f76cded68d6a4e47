import time
t=time.time()
from qa.adapters.reader import Reader
r=Reader(); print('load',time.time()-t)
t=time.time(); r=Reader(); print('load again',time.time()-t)
text="It opened in May 1901. It closed in 1960 after a fire, the mayor said."
print(r.read("When did it open?",[text],[[(0,22),(23,len(text))]]))
print(r.read("Who said that it closed?",[text],[[(0,22),(23,len(text))]]))
print(r.read("Who built it?",[text],[[(0,22),(23,len(text))]]))
